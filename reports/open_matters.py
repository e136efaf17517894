"""What is still open in the record at a report's moment: letters nobody read, conflicts, corrections that wait. None of it is in a figure."""

from datetime import datetime

from sqlalchemy import Connection, text

from agreement.periods import Period
from reports.model import Figure
from reports.scope import COUNTED, bound
from reports.units import Unit

_LABELS = {
    "dead_letters": ("Tin gửi đến chưa đọc được, chưa gửi lại", "tin"),
    "conflicts": ("Tin mâu thuẫn đang để riêng", "tin"),
    "corrections": ("Bổ sung, đính chính chờ xử lý", "vụ việc"),
}
# A letter or conflict is this unit's unless its source is a post that the register places elsewhere.
_OURS = "split_part(coalesce(source, ''), '/', 3) <> ALL(CAST(:foreign_posts AS text[]))"
_OPEN = f"""
WITH {COUNTED}
SELECT 'dead_letters' AS key, topic || '/' || partition || '@' || "offset" AS subject FROM dead_letter
    WHERE recorded_at <= :as_of AND (redriven_at IS NULL OR redriven_at > :as_of) AND {_OURS}
UNION ALL
SELECT 'conflicts', source || ' ' || id FROM conflict WHERE recorded_at <= :as_of AND {_OURS}
UNION ALL
SELECT 'corrections', subject FROM known LEFT JOIN period ON occurred_start >= opens AND occurred_start < closes
    WHERE NOT retracted AND (NOT complete OR (facts_after_assessment AND period.id IS NOT NULL))
        AND CASE :unit WHEN 'all' THEN true WHEN 'none' THEN province IS NULL
            ELSE coalesce(province = ANY(CAST(:provinces AS text[])), NOT complete) END
ORDER BY 1, 2
"""


def open_figures(connection: Connection, period: Period, unit: Unit, as_of: datetime) -> tuple[Figure, ...]:
    """The three figures, 0 too. A correction is open where its report has not arrived, or facts came after an officer's finding."""
    found: dict[str, list[str]] = {key: [] for key in _LABELS}
    given = bound([period], unit, as_of) | {"foreign_posts": list(unit.foreign_posts)}
    for key, subject in connection.execute(text(_OPEN), given):
        found[key].append(subject)
    return tuple(
        Figure(id=f"open.{key}", label=label, unit=counted, value=len(found[key]), subjects=tuple(found[key]))
        for key, (label, counted) in _LABELS.items()
    )
