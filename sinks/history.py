"""The history of all incidents, for whoever judges it again: the events of each, the newest verdicts on its reports, and its newest state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.codebook import Outcome
from schemas.events import IncidentEvent, Reported
from schemas.verdicts import Verdict
from sinks.bulk_copy import Statements
from sinks.incidents import newest_states
from sinks.states import Key, StoredState, incident_event, read_findings

_AT_ONCE = 500
_SUBJECTS = """
SELECT subject FROM incident WHERE %(since)s::timestamptz IS NULL OR occurred_start >= %(since)s::timestamptz ORDER BY subject
"""
_EVENTS = """
SELECT subject, source, id, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%' ORDER BY subject, source, id
"""
_VERDICTS = """
SELECT DISTINCT ON (verdict.source, verdict.id) event.subject, verdict.source, verdict.id, outcome, rule_pack, judge_version, findings::text
FROM event JOIN verdict USING (source, id)
WHERE event.subject = ANY(%s) AND event.type = 'vn.mocgioi.incident.reported.v1'
ORDER BY verdict.source, verdict.id, verdict.recorded_at DESC, judge_version DESC
"""


@dataclass(slots=True)
class History:
    """One incident."""

    newest: StoredState
    events: list[IncidentEvent] = field(default_factory=list)
    verdicts: dict[Key, Verdict] = field(default_factory=dict)
    """The newest verdict on each report alone."""

    @property
    def subject(self) -> str:
        """Of the incident."""
        return self.newest.subject

    @property
    def reports(self) -> list[Reported]:
        """The events that are judged alone."""
        return [event for event in self.events if isinstance(event, Reported)]


def subjects(cursor: Statements, since: datetime | None = None) -> list[str]:
    """The incidents that occurred since then; all of them where no moment is given."""
    cursor.execute(_SUBJECTS, {"since": since})
    return [subject for (subject,) in cursor]


def histories(cursor: Statements, chosen: Sequence[str]) -> Iterator[list[History]]:
    """The histories of incidents, in their order, some hundreds at a time."""
    for start in range(0, len(chosen), _AT_ONCE):
        yield _read(cursor, chosen[start : start + _AT_ONCE])


def _read(cursor: Statements, chosen: Sequence[str]) -> list[History]:
    by_subject = {subject: History(newest) for subject, newest in newest_states(cursor, chosen).items()}
    cursor.execute(_EVENTS, (list(chosen),))
    for subject, _, _, body in cursor:
        by_subject[subject].events.append(incident_event(body.encode()))
    cursor.execute(_VERDICTS, (list(chosen),))
    for subject, source, event_id, outcome, rule_pack, judge_version, findings in cursor:
        by_subject[subject].verdicts[source, event_id] = Verdict(Outcome(outcome), rule_pack, judge_version, read_findings(findings))
    return [by_subject[subject] for subject in chosen]
