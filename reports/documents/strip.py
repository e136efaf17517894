"""Where breaches lie on the line: the numbers behind the strip of markers. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from border.marker_points import LAST_MAIN
from border.markers import parse
from border.places import Province, marker_ranges, province_on
from reports.model import Report
from schemas.codebook import Outcome

LINE = (0, LAST_MAIN)
"""The first and the last main marker."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A breach on the strip."""

    main: float
    """Main marker number; the middle of a section."""
    side: str


def dots(report: Report) -> tuple[Dot, ...]:
    """A dot for each breach, at the first of its places; a breach without a marker has none."""
    return tuple(
        Dot(at, row.side) for row in report.rows if row.outcome == Outcome.BREACH and (at := next(_mains(row.markers), None)) is not None
    )


def stretch(report: Report) -> tuple[int, int]:
    """The main markers that the strip covers: the unit's and those of its breaches, else the whole line."""
    ends = [main for span in _spans(report) for main in span] + [dot.main for dot in dots(report)]
    return (int(min(ends)), int(-(-max(ends) // 1))) if ends else LINE


def _spans(report: Report) -> list[tuple[int, int]]:
    """The stretches known to be the unit's at the end of the period."""
    if report.unit not in set(Province):
        return []
    on = report.end.date()
    return [(row.first[0], row.last[0]) for row in marker_ranges() if province_on(row.province, on) == report.unit and row.valid.holds(on)]


def _mains(markers: tuple[str, ...]) -> Iterator[float]:
    for marker in markers:
        for item in parse(marker).items:
            first, last = item.span
            yield (first[0] + last[0]) / 2
