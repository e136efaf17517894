"""Posts that reported out of posts expected: how much of the border a report speaks for."""

from datetime import datetime

from sqlalchemy import Connection, text

from agreement.periods import Period
from reports.model import Coverage, Figure
from reports.scope import COUNTED, bound
from reports.units import Unit

# A post reports by an incident that occurred, a count whose interval begins, or a notice (the nil report) whose interval begins in the period.
_REPORTED = f"""
WITH {COUNTED},
spoke AS (
    SELECT period, reporter AS source FROM counted
    UNION ALL
    SELECT period.id, source FROM crossing JOIN period ON interval_start >= opens AND interval_start < closes
        WHERE recorded_at <= :as_of AND status = 'actual' AND gate = ANY(CAST(:gates AS text[]))
    UNION ALL
    SELECT period.id, source FROM event JOIN period ON occurred_start >= opens AND occurred_start < closes
        WHERE recorded_at <= :as_of AND type = 'vn.mocgioi.post.reported.v1' AND body #>> '{{data,status}}' = 'actual'
            AND (:unit = 'all' OR split_part(source, '/', 3) = ANY(CAST(:posts AS text[])))
)
SELECT DISTINCT period, split_part(source, '/', 3) AS post FROM spoke WHERE source LIKE '/posts/%'
"""


def coverage(connection: Connection, period: Period, unit: Unit, as_of: datetime) -> Coverage:
    """Expected are the register's posts of the unit, and whoever reported from it in this period or the same period of the year before."""
    given = bound([period, period.before], unit, as_of) | {"gates": list(unit.gates), "posts": list(unit.posts)}
    spoke = {(found, post) for found, post in connection.execute(text(_REPORTED), given)}
    reported = {post for found, post in spoke if found == period.id}
    return Coverage(reported=tuple(sorted(reported)), expected=tuple(sorted({*unit.posts, *(post for _, post in spoke)})))


def coverage_figures(covered: Coverage) -> tuple[Figure, ...]:
    """The two figures of a coverage."""
    return (
        Figure(id="posts.reported", label="Đồn có báo cáo trong kỳ", unit="đồn", value=len(covered.reported), subjects=covered.reported),
        Figure(id="posts.expected", label="Đồn phải báo cáo", unit="đồn", value=len(covered.expected), subjects=covered.expected),
    )
