"""How long incidents waited for a duty officer: from their first report at the centre to the first acknowledgement."""

from collections.abc import Iterable, Mapping
from statistics import median

from reports.figures.scope import Scope
from reports.model import Figure
from schemas.codebook import Outcome
from sinks.query.states import StateAsOf

LABELS = {
    "acknowledged_median": ("Thời gian chờ trực ban nhận, trung vị", "phút"),
    "acknowledged_longest": ("Thời gian chờ trực ban nhận, lâu nhất", "phút"),
}
"""Label and unit of each, by the rest of its name."""
_FLASH = "SELECT kind, act FROM flash_class"
# The acknowledgements first: they are few, and an index has them alone. Nobody waits for what is imported.
_WAITED = """
SELECT subject, greatest(0, extract(epoch FROM acknowledged.time - first_report.received_at)) / 60
FROM (
    SELECT DISTINCT ON (subject) subject, time FROM event
    WHERE type LIKE 'vn.mocgioi.duty.%' AND type = 'vn.mocgioi.duty.acknowledged.v1' AND source LIKE '/offices/%' AND recorded_at <= :as_of
        AND subject = ANY(CAST(:subjects AS text[]))
    ORDER BY subject, time, source, sequence
) AS acknowledged CROSS JOIN LATERAL (
    SELECT received_at, body ->> 'via' AS via FROM event
    WHERE event.subject = acknowledged.subject AND type = 'vn.mocgioi.incident.reported.v1' AND recorded_at <= :as_of
    ORDER BY received_at, source, sequence LIMIT 1
) AS first_report WHERE via IS DISTINCT FROM 'import'
"""


def minutes_waited(scoped: Scope, incidents: Iterable[StateAsOf]) -> Mapping[str, float]:
    """How long each of these incidents waited that is a breach or of the flash class, and was acknowledged; to a tenth of a minute."""
    flash = {tuple(row) for row in scoped.ask(_FLASH)}
    subjects = [
        subject
        for subject, _, state, _ in incidents
        if state.outcome is Outcome.BREACH or not flash.isdisjoint((state.kind, act) for act in ("", *state.acts))
    ]
    return {subject: round(float(minutes), 1) for subject, minutes in scoped.ask(_WAITED, subjects=subjects)} if subjects else {}


def waiting_figures(waited: Mapping[str, float]) -> tuple[Figure, ...]:
    """The two figures; none where nobody acknowledged anything, since that is no waiting time of 0."""
    if not waited:
        return ()
    values = {"acknowledged_median": round(median(waited.values()), 1), "acknowledged_longest": max(waited.values())}
    return tuple(
        Figure(id=f"duty.{key}", label=label, unit=unit, value=values[key], subjects=tuple(sorted(waited)))
        for key, (label, unit) in LABELS.items()
    )
