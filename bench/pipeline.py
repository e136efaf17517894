"""How fast the pipeline is, on a real broker and a real database, beside its peers: `make bench`.

The peers: `before`, the commit before the path was made anew, run from its own tree; `afternoon`, a loop as one would write it in an
afternoon; `bare`, clients that move the same bytes and do nothing. Every stage runs as a process of its own, over the same events, with a
new consumer group and a new database a run. The variants take turns: other work on the machine touches all alike, so read ratios, not
absolutes. Exit 1 if a bar is missed.

    python -m bench.pipeline --only classify,record --variants ours,bare --events 20000 --rounds 1
"""

import argparse
import logging
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from rich.console import Console
from rich.table import Table

from bench import measure, trees
from bench.lab import Lab, lab
from bench.measure import Latency, Result
from bench.spec import Variant

VARIANTS: tuple[Variant, ...] = get_args(Variant)
STAGES: Mapping[str, tuple[Callable[[Lab, Variant, int], Result], tuple[Variant, ...]]] = {
    "publish": (measure.publish, ("ours", "bare")),
    "classify": (measure.classify, ("ours", "before", "bare")),
    "record": (measure.record, ("ours", "before", "bare")),
    "both": (measure.both, ("ours", "before", "afternoon")),
}
PARTS = (*STAGES, "latency", "growth", "help")
MILLION = 1_000_000
TIMES = 10
"""So much larger is the run that shows growth."""
WARMING = 2_000
"""Events before any are measured."""

LEAST_TO_BARE = 0.6
LEAST_TO_BEFORE = 2.0
LEAST_TO_AFTERNOON = 1.5
MOST_CPU_US = 75.0
MOST_SERVER_US = 35.0
MOST_LATENCY_S = 0.5
MOST_MILLION_S = 90.0
MOST_GROWTH = 10.5
MOST_RSS_MB = 250.0
MOST_HELP_S = 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and its limit."""

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


@dataclass(slots=True)
class Measurements:
    """All measurements; those that were not requested are missing."""

    stages: dict[str, dict[Variant, list[Result]]] = field(default_factory=dict)
    latency: Latency | None = None
    growth: float | None = None
    million: Result | None = None
    help_s: float | None = None
    largest: list[Result] = field(default_factory=list)
    """Runs of more events than the others."""

    def runs(self, stage: str, variant: Variant) -> Sequence[Result]:
        """The rounds of one variant of a stage."""
        return self.stages.get(stage, {}).get(variant, ())

    def ratio(self, stage: str, peer: Variant, figure: Callable[[Result], float]) -> float | None:
        """Ours to a peer's: the median of the rounds, each of which saw the same machine. None where one was not measured."""
        pairs = zip(self.runs(stage, "ours"), self.runs(stage, peer), strict=False)
        return statistics.median(ratios) if (ratios := [figure(ours) / figure(theirs) for ours, theirs in pairs]) else None


def main() -> int:
    """Measure, print, judge."""
    options = _options()
    console = Console(stderr=True)
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # a new topic's leader is announced before it leads, and aiokafka retries
    with trees.before() as before, lab(before) as parts:
        measured = measure_all(parts, options, lambda line: console.print(f"[dim]{line}", highlight=False))
    bars = list(judged(measured))
    show(measured, bars, Console())
    if before is None:
        print(trees.left_out())
    return 0 if options.quick or all(bar.kept for bar in bars) else 1


def measure_all(parts: Lab, options: argparse.Namespace, progress: Callable[[str], None]) -> Measurements:
    """Everything asked for; the stages in every variant, taking turns."""
    measured = Measurements()
    variants = [variant for variant in options.variants if variant != "before" or parts.before is not None]
    stages = [stage for stage in STAGES if stage in options.only]
    if stages and not options.quick:
        progress("warming up")
        measure.both(parts, "ours", min(options.events, WARMING))
    for number in range(1, options.rounds + 1):
        for variant in variants:
            for stage in stages:
                run, measurable = STAGES[stage]
                if variant in measurable:
                    result = run(parts, variant, options.events)
                    measured.stages.setdefault(stage, {}).setdefault(variant, []).append(result)
                    progress(f"{number}/{options.rounds} {stage}, {variant}: {result.rate:,.0f} events/s")
        variants.append(variants.pop(0))  # each is the first of a round in its turn
    if "latency" in options.only:
        progress("latency")
        measured.latency = measure.latency(parts, options.seconds)
    if "growth" in options.only:
        progress("growth")
        measured.growth, large = measure.growth(parts, options.events, TIMES)
        measured.largest.append(large)
    if options.million:
        progress(f"{options.million:,} events")
        measured.million = measure.both(parts, "ours", options.million)
        measured.largest.append(measured.million)
    if "help" in options.only:
        measured.help_s = measure.help_seconds()
    return measured


def judged(measured: Measurements) -> Iterator[Bar]:
    """The bars of the project, as far as they were measured."""
    ratios = (
        ("classify", "bare", LEAST_TO_BARE),
        ("record", "bare", LEAST_TO_BARE),
        ("both", "before", LEAST_TO_BEFORE),
        ("both", "afternoon", LEAST_TO_AFTERNOON),
    )
    for stage, peer, least in ratios:
        if (ratio := measured.ratio(stage, peer, rate)) is not None:
            yield Bar(f"events/s of {_title(stage)}, to {peer}", ratio, least, at_least=True)
    if both := measured.runs("both", "ours"):
        yield Bar("CPU µs an event of classify + record", statistics.median(run.cpu_us for run in both), MOST_CPU_US)
        yield Bar("PostgreSQL's CPU µs an event", statistics.median(run.server_us for run in both), MOST_SERVER_US)
    if measured.latency:
        yield Bar(f"p99 seconds from publish to committed row at {measure.RATE} events/s", measured.latency.p99, MOST_LATENCY_S)
    if measured.growth:
        yield Bar(f"times as long for {TIMES} times the events", measured.growth, MOST_GROWTH)
    if million := measured.million:
        yield Bar(f"seconds for {million.rate * million.seconds:,.0f} events", million.seconds, MOST_MILLION_S)
    workers = [*measured.largest, *(run for stage in ("classify", "record", "both") for run in measured.runs(stage, "ours"))]
    if workers:
        yield Bar("peak MB of a worker", max(run.peak_rss_mb for run in workers), MOST_RSS_MB)
    if measured.help_s:
        yield Bar("seconds of mocgioi --help", measured.help_s, MOST_HELP_S)


def rate(result: Result) -> float:
    """Events a second."""
    return result.rate


def cpu(result: Result) -> float:
    """CPU time per event."""
    return result.cpu_us


def show(measured: Measurements, bars: Iterable[Bar], console: Console) -> None:
    """Print the figures, then the bars."""
    table = Table("stage", "variant", "events/s", "least-most", "ours is", "CPU µs/event", "ours is", "PostgreSQL µs/event", "peak MB")
    for column in table.columns[2:]:
        column.justify = "right"
    for stage, variants in measured.stages.items():
        for number, (variant, runs) in enumerate(variants.items()):
            rates = [run.rate for run in runs]
            table.add_row(
                "" if number else _title(stage),
                variant,
                f"{statistics.median(rates):,.0f}",
                f"{min(rates):,.0f}-{max(rates):,.0f}",
                _times(measured.ratio(stage, variant, rate), variant),
                f"{statistics.median(run.cpu_us for run in runs):.1f}",
                _times(measured.ratio(stage, variant, cpu), variant),
                f"{statistics.median(run.server_us for run in runs):.1f}" if stage in ("record", "both") else "",
                f"{max(run.peak_rss_mb for run in runs):.0f}",
            )
        table.add_section()
    console.width = max(console.width, 120)
    console.print(table)
    if waits := measured.latency:
        console.print(f"publish to committed row: p50 {waits.p50:.3f} s, p99 {waits.p99:.3f} s, worst {waits.worst:.3f} s")
    for bar in bars:
        console.print(f"{'kept' if bar.kept else 'MISSED':6} {bar}", highlight=False)


def _times(ratio: float | None, variant: Variant) -> str:
    return "" if ratio is None or variant == "ours" else f"x {ratio:.2f}"


def _title(stage: str) -> str:
    return "classify + record" if stage == "both" else stage


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pipeline", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000, help="events a run; growth is measured from this to ten times as many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=_chosen(PARTS), default=PARTS, metavar="PART,…", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--variants", type=_chosen(VARIANTS), default=VARIANTS, metavar="VARIANT,…", help=f"of {', '.join(VARIANTS)}")
    parser.add_argument("--million", action="store_const", const=MILLION, default=0, help=f"replay {MILLION:,} events too")
    parser.add_argument("--quick", action="store_true", help="few events, one round, bars shown and not judged: does it still run?")
    options = parser.parse_args()
    options.seconds = 15
    if options.quick:
        options.events, options.rounds, options.seconds = 500, 1, 2
        options.million = options.million and 2000
    return options


def _chosen(possible: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A list of names, separated by commas."""

    def choose(value: str) -> tuple[str, ...]:
        names = tuple(value.split(","))
        if unknown := set(names) - set(possible):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: one of {', '.join(possible)} is expected")
        return names

    return choose


if __name__ == "__main__":
    raise SystemExit(main())
