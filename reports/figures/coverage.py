"""Which posts were heard for a period, on incidents and on crossings: whom a report's figures speak for, and whether silence is zero.

A post speaks by its notices, by the days on which its incidents occurred, and of crossings by its counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from agreement.figures import ALL
from agreement.periods import Period
from border.places import posts
from border.vietnam import HANOI
from reports.figures.counted import occurred_start
from reports.figures.crossing import Crossings
from reports.figures.hearing import Extent, Statement, day_of, extent, notice, required_until
from reports.figures.notices import OVERSTATED, STATED
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
_NOT_OF_POSTS = ("posts.", "duty.", "open.dead_letters", "open.conflicts", "open.corrections")
"""Figures that do not hang on what posts report."""
# What lies side by side is joined by the database: a record holds hundreds of counts for each interval that is left. A count that was recorded
# before its interval ended does not speak of the rest of it.
_COUNTED = """
SELECT post, lower(spoken), upper(spoken) FROM (
    SELECT split_part(source, '/', 3) AS post, unnest(range_agg(tstzrange(opens, closes))) AS spoken FROM (
        SELECT DISTINCT source, interval_start AS opens, least(interval_end, recorded_at) AS closes FROM crossing_as_of(:as_of)
        WHERE status = 'actual' AND interval_start >= :opens AND interval_start < :closes AND interval_end > :opened
            AND gate = ANY(CAST(:gates AS text[])) AND source LIKE '/posts/%'
    ) AS counted WHERE closes > opens GROUP BY source
) AS joined
"""


class _Notice(NamedTuple):
    """A notice of a post about itself, with how much it claims to have sent; of what it does not state, it does not speak."""

    post: str
    opens: datetime
    closes: datetime
    time: datetime
    event: str
    incidents: int | None
    crossings: int | None


def coverage(
    scoped: Scope, period: Period, incidents: Iterable[StateAsOf], passed: Crossings, *, reported_before: Collection[str] = ()
) -> Coverage:
    """The posts heard for a period, with the incidents and crossings that count in it.

    Expected are the posts of the register that existed then, whoever reported from the unit in the period, and whoever is not in the register
    and did so in the same period of the year before: `reported_before`.
    """
    on_incidents, on_crossings = _days(incidents), _counts(scoped, period)
    reporting = {*on_incidents, *_slugs(passed.sources)}
    expected = {*_existing(scoped.unit, period), *reporting, *(slug for slug in reported_before if slug not in posts())}
    notices = _notices(scoped, period, expected)
    overstated = _overstated(scoped, period, notices)
    for each in notices:
        for what, claimed, statements in (("incident", each.incidents, on_incidents), ("crossing", each.crossings, on_crossings)):
            if claimed is not None:
                statements[each.post].append(notice(each.opens, each.closes, each.time, complete=(what, each.event) not in overstated))
    expected |= on_incidents.keys()
    by_matter = {
        "incidents": _heard(on_incidents, expected, period, scoped.as_of),
        "crossings": _heard(on_crossings, expected, period, scoped.as_of),
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


def _days(incidents: Iterable[StateAsOf]) -> defaultdict[str, list[Statement]]:
    """What the incidents of each post say, by its slug. Those that offices reported speak for no post."""
    days: defaultdict[str, set[Statement]] = defaultdict(set)
    for incident in incidents:
        for slug in _slugs([incident.state.reporter]):
            days[slug].add(day_of(occurred_start(incident.state)))
    return defaultdict(list, {slug: list(statements) for slug, statements in days.items()})


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


def _notices(scoped: Scope, period: Period, slugs: Collection[str]) -> list[_Notice]:
    """The notices of these posts, or of all on the whole line, that reach into a period."""
    return [_Notice(*row) for row in scoped.ask(STATED, opened=period.start, **_since(scoped, period.start - _LONGEST, period, slugs))]


def _overstated(scoped: Scope, period: Period, notices: Sequence[_Notice]) -> set[tuple[str, str]]:
    """What each notice claims more of than the record holds: `incident` or `crossing`, and the notice."""
    claiming = [each for each in notices if each.incidents or each.crossings]
    if not claiming:
        return set()
    since = _since(scoped, min(each.opens for each in claiming), period, {each.post for each in claiming})
    return {(row.what, f"{row.source} {row.id}") for row in scoped.ask(OVERSTATED, **since)}


def _since(scoped: Scope, opens: datetime, period: Period, slugs: Collection[str]) -> dict[str, Any]:
    """The parameters of a query for the notices of posts that begin from a moment on and before a period ends."""
    return {"opens": opens, "closes": period.end, "all": scoped.unit.code == ALL, "posts": list(slugs)}


def _counts(scoped: Scope, period: Period) -> defaultdict[str, list[Statement]]:
    """For when each post counted what passed the unit's gates."""
    counts: defaultdict[str, list[Statement]] = defaultdict(list)
    for slug, opens, closes in scoped.ask(_COUNTED, opens=period.start - _LONGEST, opened=period.start, closes=period.end):
        counts[slug].append(notice(opens, closes, closes))
    return counts


def _heard(statements: Mapping[str, list[Statement]], expected: Iterable[str], period: Period, as_of: datetime) -> PostsHeard:
    extents: dict[Extent, list[str]] = {each: [] for each in Extent}
    for slug in sorted(expected):
        start, end = _window(slug, period) or (period.start, period.end)
        extents[extent(statements.get(slug, ()), start, end, required_until(start, end, as_of))].append(slug)
    return PostsHeard(whole=tuple(extents[Extent.WHOLE]), part=tuple(extents[Extent.PART]), expected=tuple(sorted(expected)))
