"""Which posts were heard for a period, on incidents and on crossings: whom a report's figures speak for, and whether silence is zero.

A post speaks by its notices, by the days on which its incidents occurred, and of crossings by its counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from agreement.figures import ALL
from agreement.periods import Period
from border.places import posts
from border.vietnam import HANOI
from reports.figures.counted import occurred_start
from reports.figures.crossing import Crossings
from reports.figures.hearing import Extent, Statement, day_of, extent, required_until, stated
from reports.figures.notices import OVERSTATED, SPOKEN
from reports.figures.scope import Scope
from reports.model import Coverage, Figure, Heard, PostsHeard
from reports.units import Unit
from sinks.query.states import StateAsOf

LABELS = {
    "reported": ("Đồn có báo cáo trong kỳ", "đồn"),
    "expected": ("Đồn phải báo cáo", "đồn"),
    "whole.incidents": ("Đồn báo cáo cho cả kỳ về vụ việc", "đồn"),
    "part.incidents": ("Đồn báo cáo một phần kỳ về vụ việc", "đồn"),
    "whole.crossings": ("Đồn báo cáo cho cả kỳ về lượt qua cửa khẩu", "đồn"),
    "part.crossings": ("Đồn báo cáo một phần kỳ về lượt qua cửa khẩu", "đồn"),
}
"""Label and unit of each, by the rest of its name."""
_LONGEST = timedelta(days=400)
"""Intervals that began longer than this before a period are not looked for in it."""
Statements = defaultdict[tuple[str, str], list[Statement]]
"""The statements of each post on `incident` or `crossing`."""
_NOT_OF_POSTS = ("posts.", "duty.", "open.dead_letters", "open.conflicts", "open.corrections")
"""Figures that do not hang on what posts report."""


def coverage(
    scoped: Scope, period: Period, incidents: Iterable[StateAsOf], passed: Crossings, *, reported_before: Collection[str] = ()
) -> Coverage:
    """The posts heard for a period, with the incidents and crossings that count in it.

    Expected are the posts of the register that existed then, whoever reported from the unit in the period, and whoever is not in the register
    and did so in the same period of the year before: `reported_before`.
    """
    statements = _days(incidents)
    for slug in _slugs(passed.sources):  # whoever counted was heard, however short or long the interval
        statements["crossing", slug].append(Statement(period.start, period.end, complete=False))
    reporting = {slug for _, slug in statements}
    existing = _existing(scoped.unit, period)
    expected = {*existing, *reporting, *(slug for slug in reported_before if slug not in posts())}
    for (what, slug), spoken in _spoken(scoped, period, expected).items():
        statements[what, slug] += spoken
        expected.add(slug)
    by_matter = {
        f"{what}s": _heard(what, statements, expected, period, scoped, in_register=bool(existing)) for what in ("incident", "crossing")
    }
    reported = {slug for heard in by_matter.values() for slug in (*heard.whole, *heard.part)}
    return Coverage(reported=tuple(sorted(reported)), expected=tuple(sorted(expected)), **by_matter)


def coverage_figures(covered: Coverage) -> tuple[Figure, ...]:
    """The figures of a coverage."""
    slugs = {
        "reported": covered.reported,
        "expected": covered.expected,
        "whole.incidents": covered.incidents.whole,
        "part.incidents": covered.incidents.part,
        "whole.crossings": covered.crossings.whole,
        "part.crossings": covered.crossings.part,
    }
    return tuple(
        Figure(id=f"posts.{key}", label=label, unit=unit, value=len(slugs[key]), subjects=slugs[key])
        for key, (label, unit) in LABELS.items()
    )


def with_coverage(figures: Iterable[Figure], covered: Coverage) -> tuple[Figure, ...]:
    """Each figure with whom it speaks for; a 0 has no value where nobody was heard."""
    return tuple(_with_coverage(figure, covered) for figure in figures)


def heard_on(figure_id: str, covered: Coverage) -> Heard | None:
    """Whom a figure speaks for. None where it does not hang on what posts report."""
    if figure_id.startswith(_NOT_OF_POSTS):
        return None
    return (covered.crossings if figure_id.startswith("crossing.") else covered.incidents).heard


def _with_coverage(figure: Figure, covered: Coverage) -> Figure:
    heard = heard_on(figure.id, covered)
    if heard is None or (heard.nobody and figure.value is None):
        return figure  # suppressed, and not to be taken for one that nobody was heard on
    return figure.model_copy(update={"coverage": heard, "value": None if heard.nobody and not figure.value else figure.value})


def _days(incidents: Iterable[StateAsOf]) -> Statements:
    """What the incidents of each post say. Those that offices reported speak for no post."""
    reported = ((incident.state.reporter, occurred_start(incident.state)) for incident in incidents)
    days = {(slug, day_of(moment)) for source, moment in reported for slug in _slugs([source])}
    statements: Statements = defaultdict(list)
    for slug, day in days:
        statements["incident", slug].append(day)
    return statements


def _slugs(sources: Iterable[str]) -> Iterable[str]:
    """The posts among these sources."""
    return (source.split("/")[2] for source in sources if source.startswith("/posts/"))


def _existing(unit: Unit, period: Period) -> set[str]:
    return {slug for slug in unit.posts if _window(slug, period) is not None}


def _window(slug: str, period: Period) -> tuple[datetime, datetime] | None:
    """The part of a period in which a post existed; None where it did not. One that is not in the register existed in all of it."""
    start, end = period.start, period.end
    if slug in posts():
        valid = posts()[slug].valid
        start = start if valid.valid_from is None else max(start, _midnight(valid.valid_from))
        end = end if valid.valid_to is None else min(end, _midnight(valid.valid_to))
    return (start, end) if start < end else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HANOI)


def _spoken(scoped: Scope, period: Period, slugs: Collection[str]) -> Statements:
    """What the notices of these posts, or of all on the whole line, and the counts at the unit's gates speak for."""
    begins: dict[str, Any] = {"opens": period.start - _LONGEST, "closes": period.end, "all": scoped.unit.code == ALL, "posts": list(slugs)}
    rows = scoped.ask(SPOKEN, opened=period.start, **begins).all()
    overstated: set[tuple[str, str]] = set()
    if claiming := [row for row in rows if row.claiming is not None]:
        begins |= {"opens": min(row.opens for row in claiming), "posts": list({row.post for row in claiming})}
        overstated = {(row.what, f"{row.source} {row.id}") for row in scoped.ask(OVERSTATED, **begins)}
    statements: Statements = defaultdict(list)
    for row in rows:
        statements[row.what, row.post].append(stated(row.opens, row.closes, complete=(row.what, row.claiming) not in overstated))
    return statements


def _heard(what: str, statements: Statements, slugs: Collection[str], period: Period, scoped: Scope, *, in_register: bool) -> PostsHeard:
    """How much these posts were heard. Where none is `in_register` nobody knows whom else to expect, and so silence is never zero."""
    extents: dict[Extent, list[str]] = {each: [] for each in Extent}
    for slug in sorted(slugs):
        start, end = _window(slug, period) or (period.start, period.end)
        extents[extent(statements.get((what, slug), ()), start, end, required_until(start, end, scoped.as_of))].append(slug)
    expected = tuple(sorted(slugs)) if in_register else ()
    return PostsHeard(whole=tuple(extents[Extent.WHOLE]), part=tuple(extents[Extent.PART]), expected=expected)
