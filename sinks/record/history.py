"""The history of incidents, to be judged again: the events of each, the newest verdicts on its reports alone, and its newest state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agreement.incident import Incident
from agreement.judged_state import FoldInput
from agreement.order import Key
from schemas.codebook import Outcome
from schemas.events import Reported
from schemas.verdicts import Verdict
from sinks.postgres.bulk_copy import Statements
from sinks.record.fold_inputs import read_fold_inputs
from sinks.record.incidents import newest_states
from sinks.record.states import StoredState, read_findings

_AT_ONCE = 500
_SUBJECTS = """
SELECT subject FROM incident WHERE %(since)s::timestamptz IS NULL OR occurred_start >= %(since)s::timestamptz ORDER BY subject
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
    given: FoldInput
    verdicts: dict[Key, Verdict] = field(default_factory=dict)
    """The newest verdict on each report alone."""

    @property
    def subject(self) -> str:
        """The incident's."""
        return self.newest.subject

    @property
    def incident(self) -> Incident:
        """The fold of its events. Raises `ValueError` where none stands."""
        return self.given.incident

    @property
    def reports(self) -> list[Reported]:
        """The events that were judged alone."""
        return [event for event in self.given.events if isinstance(event, Reported) and (event.source, event.id) in self.verdicts]


def subjects(cursor: Statements, since: datetime | None = None) -> list[str]:
    """The incidents that occurred since a moment, or all of them."""
    cursor.execute(_SUBJECTS, {"since": since})
    return [subject for (subject,) in cursor]


def histories(cursor: Statements, chosen: Sequence[str]) -> Iterator[list[History]]:
    """The histories of these incidents, in the order given, some hundreds at a time."""
    for start in range(0, len(chosen), _AT_ONCE):
        yield _read(cursor, chosen[start : start + _AT_ONCE])


def _read(cursor: Statements, chosen: Sequence[str]) -> list[History]:
    newest = newest_states(cursor, chosen)
    by_subject = {subject: History(newest[subject], given) for subject, given in read_fold_inputs(cursor, chosen).items() if given.events}
    cursor.execute(_VERDICTS, (list(chosen),))
    for subject, source, event_id, outcome, rule_pack, judge_version, findings in cursor:
        if subject in by_subject:
            by_subject[subject].verdicts[source, event_id] = Verdict(Outcome(outcome), rule_pack, judge_version, read_findings(findings))
    return [by_subject[subject] for subject in chosen if subject in by_subject]
