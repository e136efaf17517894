"""Posts that reported out of posts expected: how much of the border a report speaks for."""

from collections.abc import Iterable

from agreement.periods import Period
from reports.figures.scope import PERIODS, Scope
from reports.model import Coverage, Figure

LABELS = {"reported": ("Đồn có báo cáo trong kỳ", "đồn"), "expected": ("Đồn phải báo cáo", "đồn")}
"""Label and unit of each, by the rest of its name."""
# A post reports by an incident that occurred, a count whose interval begins, or a notice (the nil report) whose interval begins in the period.
_SPOKE = f"""
WITH {PERIODS}
SELECT period, reporter FROM counted_incident
UNION
SELECT period.id, source FROM event JOIN period ON occurred_start >= opens AND occurred_start < closes
    WHERE recorded_at <= :as_of AND type = 'vn.mocgioi.post.reported.v1' AND body #>> '{{data,status}}' = 'actual'
        AND (:unit = 'all' OR split_part(source, '/', 3) = ANY(CAST(:posts AS text[])))
"""


def coverage(scoped: Scope, period: Period, counting: dict[str, frozenset[str]]) -> Coverage:
    """Expected are the register's posts of the unit, and whoever reported from it in any of the scope's periods.

    `counting`: the sources of each period's crossing counts, by its id.
    """
    spoke = {(spoken_in, source) for spoken_in, source in scoped.ask(_SPOKE)}
    spoke |= {(spoken_in, source) for spoken_in, sources in counting.items() for source in sources}
    reported = _posts(source for spoken_in, source in spoke if spoken_in == period.id)
    return Coverage(reported=tuple(sorted(reported)), expected=tuple(sorted({*scoped.unit.posts, *_posts(source for _, source in spoke)})))


def coverage_figures(covered: Coverage) -> tuple[Figure, ...]:
    """The two figures of a coverage."""
    posts = {"reported": covered.reported, "expected": covered.expected}
    return tuple(
        Figure(id=f"posts.{key}", label=label, unit=unit, value=len(posts[key]), subjects=posts[key])
        for key, (label, unit) in LABELS.items()
    )


def _posts(sources: Iterable[str]) -> set[str]:
    return {source.split("/")[2] for source in sources if source.startswith("/posts/")}
