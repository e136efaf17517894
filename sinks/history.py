# statements are put together from our own column names, never from values
"""The history of all incidents, for whoever judges it again: the events of each, what was last said of them, and the newest version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from schemas.codebook import Outcome
from schemas.doorway import read
from schemas.events import IncidentEvent, Reported
from schemas.verdicts import Finding, Verdict
from sinks.copying import Statements, names, quoted
from sinks.tables import incident_version
from sinks.versions import Version

_AT_ONCE = 500
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_SUBJECTS = "SELECT subject FROM incident WHERE %(since)s::timestamptz IS NULL OR occurred_start >= %(since)s::timestamptz ORDER BY subject"
_NEWEST = f"""
SELECT newest.subject, newest.version, newest.recorded_at, {quoted(names(incident_version)[3:-3], "last.")},
    last.folded::text, last.findings::text, last.events::text
FROM incident AS newest JOIN incident_version AS last USING (subject, version) WHERE newest.subject = ANY(%s)
"""
_EVENTS = """
SELECT subject, source, id, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%' ORDER BY subject, source, id
"""
_VERDICTS = """
SELECT DISTINCT ON (verdict.source, verdict.id) verdict.source, verdict.id, outcome, rule_pack, judge_version, findings::text
FROM event JOIN verdict USING (source, id)
WHERE event.subject = ANY(%s) AND event.type = 'vn.mocgioi.incident.reported.v1'
ORDER BY verdict.source, verdict.id, verdict.recorded_at DESC, judge_version DESC
"""


@dataclass(slots=True)
class History:
    """One incident."""

    subject: str
    number: int
    """Of its newest version."""
    recorded_at: datetime
    newest: Version
    events: list[IncidentEvent] = field(default_factory=list)
    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    """What was last said of each report alone, by its source and id."""

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
    cursor.execute(_NEWEST, (list(chosen),))
    found = {subject: History(subject, number, recorded_at, Version.stored(columns)) for subject, number, recorded_at, *columns in cursor}
    cursor.execute(_EVENTS, (list(chosen),))
    owners: dict[tuple[str, str], str] = {}
    for subject, source, event_id, body in cursor:
        event = read(body.encode())
        assert isinstance(event, IncidentEvent)  # noqa: S101  # its type says so
        found[subject].events.append(event)
        owners[source, event_id] = subject
    cursor.execute(_VERDICTS, (list(chosen),))
    for source, event_id, outcome, rule_pack, judge_version, findings in cursor:
        verdict = Verdict(Outcome(outcome), rule_pack, judge_version, _FINDINGS.decode(findings))
        found[owners[source, event_id]].verdicts[source, event_id] = verdict
    return [found[subject] for subject in chosen if subject in found]
