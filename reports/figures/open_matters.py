"""What is still open in the record at a report's moment: letters nobody read, conflicts, corrections that wait. None of it is in a figure."""

from agreement.periods import Period
from reports.figures.scope import IN_UNIT, Scope
from reports.model import Figure

LABELS = {
    "dead_letters": ("Tin gửi đến chưa đọc được, chưa gửi lại", "tin"),
    "conflicts": ("Tin mâu thuẫn đang để riêng", "tin"),
    "corrections": ("Bổ sung, đính chính chờ xử lý", "vụ việc"),
}
"""Label and unit of each, by the rest of its name."""
# A letter or conflict is this unit's unless its source is a post that the register places elsewhere.
_OURS = "split_part(coalesce(source, ''), '/', 3) <> ALL(CAST(:foreign_posts AS text[]))"
_OPEN = f"""
WITH waiting AS (
SELECT 'dead_letters' AS key, topic || '/' || partition || '@' || "offset" AS subject FROM dead_letter
    WHERE recorded_at <= :as_of AND (redriven_at IS NULL OR redriven_at > :as_of) AND {_OURS}
UNION ALL
SELECT 'conflicts', source || ' ' || id FROM conflict
    WHERE recorded_at <= :as_of AND (settled_at IS NULL OR settled_at > :as_of) AND {_OURS}
UNION ALL
SELECT 'corrections', subject FROM incident_as_of(:as_of)
    WHERE NOT retracted AND (
        (NOT complete AND (province IS NULL OR {IN_UNIT}))
        OR (facts_after_assessment AND {IN_UNIT} AND occurred_start >= :opened AND occurred_start < :closed)
    )
)
SELECT key, subject FROM waiting ORDER BY key, subject COLLATE "C"
"""


def open_figures(scoped: Scope, period: Period) -> tuple[Figure, ...]:
    """The three figures, 0 too. A correction is open where its report has not arrived, or facts came after an officer's finding."""
    subjects: dict[str, list[str]] = {key: [] for key in LABELS}
    for key, subject in scoped.ask(_OPEN, foreign_posts=list(scoped.unit.foreign_posts), opened=period.start, closed=period.end):
        subjects[key].append(subject)
    return tuple(
        Figure(id=f"open.{key}", label=label, unit=counted, value=len(subjects[key]), subjects=tuple(subjects[key]))
        for key, (label, counted) in LABELS.items()
    )
