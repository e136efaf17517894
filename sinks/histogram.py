"""A histogram that takes a batch of values at once: the client library's takes each by itself, in a quarter of the time of recording an event."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.registry import Collector


class BatchHistogram(Collector):
    """A histogram without labels."""

    def __init__(self, name: str, meaning: str, bounds: Sequence[float]) -> None:
        self._name = name
        self._meaning = meaning
        self._bounds = bounds
        self._up_to = [0] * len(bounds)
        """How many values are no greater than each bound."""
        self._count = 0
        self._sum = 0.0

    def observe(self, values: Iterable[float]) -> None:
        """Observe each of these values."""
        ordered = sorted(values)
        self._up_to = [before + bisect_right(ordered, bound) for before, bound in zip(self._up_to, self._bounds, strict=True)]
        self._count += len(ordered)
        self._sum += sum(ordered)

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """The histogram as the registry asks for it."""
        buckets = [(str(float(bound)), number) for bound, number in zip(self._bounds, self._up_to, strict=True)]
        yield HistogramMetricFamily(self._name, self._meaning, buckets=[*buckets, ("+Inf", self._count)], sum_value=self._sum)
