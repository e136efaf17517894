"""The states of incidents as the record held them at a moment, each with the machine's verdict in it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from schemas.verdicts import IncidentState, MeasureRow, Verdict
from sinks.postgres.session import statements
from sinks.record.states import read_findings

_FIELDS = IncidentState.__struct_fields__
_COLUMNS = ", ".join("measures::text" if name == "measures" else f"state.{name}" for name in _FIELDS)
# The findings of a state are its own or those of the verdict on its only event: what the function `findings_of` gives for one state, as a join.
_AS_OF = f"""
SELECT state.subject, state.version, coalesce(state.findings, verdict.findings)::text, {_COLUMNS}
FROM incident_as_of(%(as_of)s) AS state
LEFT JOIN verdict ON state.findings IS NULL AND verdict.source = split_part(state.events[1], ' ', 1)
    AND verdict.id = substr(state.events[1], strpos(state.events[1], ' ') + 1)
    AND (verdict.rule_pack, verdict.judge_version) = (state.rule_pack, state.judge_version)
"""
_OCCURRED = f'{_AS_OF} WHERE occurred_start >= %(opens)s AND occurred_start < %(closes)s ORDER BY occurred_start, subject COLLATE "C"'
_OF_SUBJECTS = f"{_AS_OF} WHERE state.subject = ANY(%(subjects)s)"
_read_measures = msgspec.json.Decoder(tuple[MeasureRow, ...]).decode


class StateAsOf(NamedTuple):
    """The state of an incident at a moment."""

    subject: str
    version: int
    state: IncidentState
    verdict: Verdict
    """The machine's."""


def states_occurred(connection: Connection, opens: datetime, closes: datetime, as_of: datetime) -> list[StateAsOf]:
    """The states at `as_of` of all incidents that occurred in [opens, closes), by (occurred, subject)."""
    return list(_states(connection, _OCCURRED, opens=opens, closes=closes, as_of=as_of))


def states_of(connection: Connection, subjects: Collection[str], as_of: datetime) -> dict[str, StateAsOf]:
    """The states at `as_of` of these incidents, by subject."""
    return {row.subject: row for row in _states(connection, _OF_SUBJECTS, subjects=list(subjects), as_of=as_of)}


def _states(connection: Connection, query: str, **parameters: Any) -> Iterator[StateAsOf]:
    with statements(connection) as cursor:
        for subject, version, findings, *values in cursor.execute(query, parameters).fetchall():
            columns = dict(zip(_FIELDS, values, strict=True))
            columns["measures"] = () if columns["measures"] is None else _read_measures(columns["measures"])
            state = msgspec.convert(columns, IncidentState)
            verdict = Verdict(
                state.machine_outcome, state.rule_pack, state.judge_version, () if findings is None else read_findings(findings)
            )
            yield StateAsOf(subject, version, state, verdict)
