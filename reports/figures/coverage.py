"""Posts that reported out of posts expected: how much of the border a report speaks for."""

from collections.abc import Iterable

from agreement.periods import Period
from reports.figures.crossing import Crossings
from reports.figures.scope import Scope
from reports.model import Coverage, Figure
from reports.units import Unit
from sinks.query.states import StateAsOf

LABELS = {"reported": ("Đồn có báo cáo trong kỳ", "đồn"), "expected": ("Đồn phải báo cáo", "đồn")}
"""Label and unit of each, by the rest of its name."""
_NOTICES = """
SELECT DISTINCT source FROM event
WHERE occurred_start >= :opened AND occurred_start < :closed
    AND recorded_at <= :as_of AND type = 'vn.mocgioi.post.reported.v1' AND body #>> '{data,status}' = 'actual'
    AND (:unit = 'all' OR split_part(source, '/', 3) = ANY(CAST(:posts AS text[])))
"""


def posts_heard(scoped: Scope, period: Period, incidents: Iterable[StateAsOf], passed: Crossings) -> frozenset[str]:
    """The posts that reported in a period: an incident that occurred in it, a count or a notice (the nil report) whose interval begins in it."""
    notices = scoped.ask(_NOTICES, opened=period.start, closed=period.end).scalars()
    sources = {*(incident.state.reporter for incident in incidents), *passed.sources, *notices}
    return frozenset(source.split("/")[2] for source in sources if source.startswith("/posts/"))


def coverage(unit: Unit, heard: frozenset[str], heard_before: frozenset[str]) -> Coverage:
    """Expected are the register's posts of the unit, and those that were heard in the period or in the same period of the year before."""
    return Coverage(reported=tuple(sorted(heard)), expected=tuple(sorted({*unit.posts, *heard, *heard_before})))


def coverage_figures(covered: Coverage) -> tuple[Figure, ...]:
    """The two figures of a coverage."""
    posts = {"reported": covered.reported, "expected": covered.expected}
    return tuple(
        Figure(id=f"posts.{key}", label=label, unit=unit, value=len(posts[key]), subjects=posts[key])
        for key, (label, unit) in LABELS.items()
    )
