"""How fast the pipeline is, on a real broker and a real database, beside hand-written loops and bare clients: `make bench`.

Every stage runs as a process of its own, over the same events, with a new consumer group and a new database a run. The variants take
turns, three times over: other work on the machine touches all alike, so read ratios, not absolutes. Exit 1 if a bar is missed.
"""

import argparse
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench import measure
from bench.lab import Lab, lab
from bench.measure import Latency, Result
from bench.spec import Variant

VARIANTS: tuple[Variant, ...] = ("ours", "by hand", "bare")
STAGES: Mapping[str, tuple[Callable[[Lab, Variant, int], Result], tuple[Variant, ...]]] = {
    "publish": (measure.publish, VARIANTS),
    "classify": (measure.classify, VARIANTS),
    "record": (measure.record, VARIANTS),
    "classify + record": (measure.both, VARIANTS[:2]),
    "all three": (measure.whole, VARIANTS[:2]),
}
"""In this order: each leaves in the topics what the next one reads."""

LEAST_RATE = 0.75
MOST_CPU = 1.10
MOST_LATENCY_S = 1.0
MOST_RSS_MB = 250.0
MOST_GROWTH = 12.0
MOST_HELP_S = 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and what it must not pass."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether it is on the right side."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        return f"{self.name}: {self.value:.3g}, {'at least' if self.at_least else 'at most'} {self.limit:g}"


Results = Mapping[str, Mapping[Variant, Sequence[Result]]]


def main() -> int:
    """Measure, print, judge."""
    options = _options()
    size, rounds, times = (1000, 1, 2) if options.quick else (options.events, options.rounds, 10)
    told = Console(stderr=True)
    with lab() as parts:
        results = stages(parts, size, rounds, lambda line: told.print(f"[dim]{line}"))
        told.print("[dim]latency, growth, help")
        waits = measure.latency(parts, 2 if options.quick else 15)
        growth, largest = measure.scaling(parts, size, size * times)
    bars = judged(results, waits, growth, largest, measure.help_seconds())
    show(results, waits, bars, Console())
    return 0 if options.quick or all(bar.kept for bar in bars) else 1


def stages(parts: Lab, size: int, rounds: int, told: Callable[[str], None]) -> Results:
    """Every stage in every variant, taking turns."""
    results: dict[str, dict[Variant, list[Result]]] = {stage: {variant: [] for variant in STAGES[stage][1]} for stage in STAGES}
    for number in range(1, rounds + 1):
        for stage, (run, variants) in STAGES.items():
            for variant in variants:
                result = run(parts, variant, size)
                results[stage][variant].append(result)
                told(f"{number}/{rounds} {stage}, {variant}: {result.rate:,.0f} events/s")
    return results


def ratio(results: Results, stage: str, figure: Callable[[Result], float]) -> float:
    """Ours to the loops by hand: the median of the rounds, each of which saw the same machine."""
    pairs = zip(results[stage]["ours"], results[stage]["by hand"], strict=True)
    return statistics.median(figure(ours) / figure(by_hand) for ours, by_hand in pairs)


def judged(results: Results, waits: Latency, growth: float, largest: Result, help_s: float) -> list[Bar]:
    """The bars of the project."""
    workers = [largest] + [one for stage in ("classify", "record", "classify + record") for one in results[stage]["ours"]]
    return [
        *(Bar(f"CPU of {stage}, to the loop by hand", ratio(results, stage, cpu), MOST_CPU) for stage in ("classify", "record")),
        *(
            Bar(f"events/s of {stage}, to the loop by hand", ratio(results, stage, rate), LEAST_RATE, at_least=True)
            for stage in ("classify", "record", "classify + record")
        ),
        Bar(f"p99 seconds from publish to committed row at {measure.RATE} events/s", waits.p99, MOST_LATENCY_S),
        Bar("peak MB of a worker", max(one.peak_rss_mb for one in workers), MOST_RSS_MB),
        Bar("times as long for ten times the events", growth, MOST_GROWTH),
        Bar("seconds of mocgioi --help", help_s, MOST_HELP_S),
    ]


def rate(result: Result) -> float:
    """Events a second."""
    return result.rate


def cpu(result: Result) -> float:
    """CPU time per event."""
    return result.cpu_us


def show(results: Results, waits: Latency, bars: Sequence[Bar], console: Console) -> None:
    """Print the figures, then the bars."""
    table = Table("stage", "variant", "events/s", "least-most", "to by hand", "CPU µs/event", "to by hand", "peak MB")
    for column in table.columns[2:]:
        column.justify = "right"
    for stage, variants in results.items():
        for variant, runs in variants.items():
            rates, cpus = [run.rate for run in runs], [run.cpu_us for run in runs]
            table.add_row(
                stage if variant == "ours" else "",
                variant,
                f"{statistics.median(rates):,.0f}",
                f"{min(rates):,.0f}-{max(rates):,.0f}",
                f"{ratio(results, stage, rate):.2f}" if variant == "ours" else "",
                f"{statistics.median(cpus):.1f}",
                f"{ratio(results, stage, cpu):.2f}" if variant == "ours" else "",
                f"{max(run.peak_rss_mb for run in runs):.0f}",
            )
        table.add_section()
    console.width = max(console.width, 110)
    console.print(table)
    console.print(f"publish to committed row: p50 {waits.p50:.3f} s, p99 {waits.p99:.3f} s, worst {waits.worst:.3f} s")
    for bar in bars:
        console.print(f"{'kept' if bar.kept else 'MISSED':6} {bar}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pipeline", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="events a run; growth is measured from this to ten times as many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="few events, one round, bars shown and not judged: does it still run?")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
