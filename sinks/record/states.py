"""Incident states as rows of `incident_state`, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from agreement.judged_state import JudgedState
from agreement.order import Key
from schemas.codebook import Outcome
from schemas.verdicts import Finding, IncidentState, MeasureRow, Verdict
from sinks.postgres.bulk_copy import Target, names, small_array, text_array
from sinks.postgres.tables import incident_state

STATES = Target("incident_state", incident_state.columns)

_FIELDS = tuple(name for name in names(incident_state) if name in IncidentState.__struct_fields__)
_OF_THE_ROW = ("subject", "version", "recorded_at", "superseded_at", "events", "findings IS NOT NULL")
STORED = ", ".join((*_OF_THE_ROW, *("measures::text" if name == "measures" else name for name in _FIELDS)))
"""The columns that `stored` reads, but for the findings."""
_read_measures = msgspec.json.Decoder(tuple[MeasureRow, ...]).decode
_encode = msgspec.json.Encoder().encode
findings_json = _encode
"""Findings to their JSON."""
read_findings = msgspec.json.Decoder(tuple[Finding, ...]).decode
"""Findings from their JSON."""


class StateRef(NamedTuple):
    """What identifies a state, and when it was recorded."""

    subject: str
    version: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredState:
    """One row of `incident_state`."""

    subject: str
    version: int
    recorded_at: datetime
    state: IncidentState
    verdict: Verdict
    """The machine's."""
    arrived: tuple[Key, ...]
    """The events that arrived with this state."""
    superseded_at: datetime | None = None
    has_findings: bool = True
    """Whether the row has findings of its own. Where not, they are those of the verdict on the incident's one event."""

    @property
    def ref(self) -> StateRef:
        """What identifies it."""
        return StateRef(self.subject, self.version, self.recorded_at)

    @property
    def judged(self) -> JudgedState:
        """The state with its verdict."""
        return JudgedState(self.state, self.verdict)

    def row(self) -> dict[str, Any]:
        """Its values by column."""
        return state_columns(self.state) | {
            "subject": self.subject,
            "version": self.version,
            "recorded_at": self.recorded_at,
            "superseded_at": self.superseded_at,
            "findings": findings_json(self.verdict.findings) if self.has_findings else None,
            "events": text_array(tuple(f"{source} {event_id}" for source, event_id in self.arrived)),
        }


def state_columns(state: IncidentState) -> dict[str, Any]:
    """The values of an incident's state by column, as COPY takes them."""
    columns = msgspec.structs.asdict(state)
    columns["clauses"] = text_array(state.clauses)
    columns["article39"] = small_array(state.article39)
    columns["markers"] = text_array(state.markers)
    columns["measures"] = _encode(state.measures) if state.measures else None
    return columns


def stored(columns: Sequence[Any], findings: str) -> StoredState:
    """The state of a row of the columns `STORED` with the JSON of its findings."""
    subject, version, recorded_at, superseded_at, references, has_findings, *values = columns
    fields = dict(zip(_FIELDS, values, strict=True))
    fields |= {name: tuple(fields[name]) for name in ("clauses", "article39", "markers")}
    fields |= {name: Outcome(fields[name]) for name in ("outcome", "machine_outcome")}
    fields["measures"] = () if fields["measures"] is None else _read_measures(fields["measures"])
    state = IncidentState(**fields)
    verdict = Verdict(state.machine_outcome, state.rule_pack, state.judge_version, read_findings(findings))
    arrived = tuple(map(key_of, references))
    return StoredState(subject, version, recorded_at, state, verdict, arrived, superseded_at, has_findings)


def key_of(reference: str) -> Key:
    """Source and id of an event from an item of the column `events`. A source contains no blank."""
    source, _, event_id = reference.partition(" ")
    return source, event_id
