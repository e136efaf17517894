"""Incident states as rows of `incident_state`, and back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import orjson
import structlog

from agreement.incident import Incident, fold
from agreement.judge import RuleCrash, judge
from agreement.order import Key
from agreement.state import pack_of, state_of
from schemas.codebook import Outcome
from schemas.events import IncidentEvent
from schemas.validation import read
from schemas.verdicts import Finding, IncidentState, MeasureRow, Verdict
from sinks.postgres.bulk_copy import Target, names, small_array, text_array
from sinks.postgres.tables import incident_state

log = structlog.get_logger(__name__)

STATES = Target("incident_state", incident_state.columns)
FRESH = Target("fresh", incident_state.columns)
"""First states of incidents that may be there already."""

_AS_TEXT = {"measures": "measures::text"}
_COLUMNS = tuple(name for name in names(incident_state) if name in IncidentState.__struct_fields__)
_OF_THE_ROW = ("subject", "version", "recorded_at", "superseded_at", "events", "findings IS NOT NULL")
STORED = ", ".join((*_OF_THE_ROW, *(_AS_TEXT.get(name, name) for name in _COLUMNS)))
"""The columns `stored` reads, but for the findings."""
_read_measures = msgspec.json.Decoder(tuple[MeasureRow, ...]).decode
_encode = msgspec.json.Encoder().encode
findings_json = _encode
"""Findings as they are stored."""
read_findings = msgspec.json.Decoder(tuple[Finding, ...]).decode
"""Findings from their JSON."""


class StateRef(NamedTuple):
    """Which state of which incident."""

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
    """False: the findings are those of the verdict on its one event, and stand there only."""

    @property
    def ref(self) -> StateRef:
        """Which one it is."""
        return StateRef(self.subject, self.version, self.recorded_at)

    def row(self) -> list[Any]:
        """The values in the order of the table's columns, as COPY wants them."""
        state = self.state
        values = {name: getattr(state, name) for name in _COLUMNS} | {
            "clauses": text_array(state.clauses),
            "article39": small_array(state.article39),
            "markers": text_array(state.markers),
            "measures": measures_json(state.measures),
            "subject": self.subject,
            "version": self.version,
            "recorded_at": self.recorded_at,
            "superseded_at": self.superseded_at,
            "findings": findings_json(self.verdict.findings) if self.has_findings else None,
            "events": text_array(tuple(f"{source} {event_id}" for source, event_id in self.arrived)),
        }
        return [values[name] for name in STATES.columns]


def stored(columns: Sequence[Any], findings: str) -> StoredState:
    """A row of the columns `STORED`, with its findings' JSON."""
    subject, version, recorded_at, superseded_at, arrived, has_findings, *values = columns
    given = dict(zip(_COLUMNS, values, strict=True))
    given |= {name: tuple(given[name]) for name in ("clauses", "article39", "markers")}
    given |= {name: Outcome(given[name]) for name in ("outcome", "machine_outcome")}
    given["measures"] = () if given["measures"] is None else _read_measures(given["measures"])
    state = IncidentState(**given)
    verdict = Verdict(state.machine_outcome, state.rule_pack, state.judge_version, read_findings(findings))
    events = tuple(key_of(reference) for reference in arrived)
    return StoredState(subject, version, recorded_at, state, verdict, events, superseded_at, has_findings)


def measures_json(measures: tuple[MeasureRow, ...]) -> bytes | None:
    """Measures as they are stored."""
    return _encode(measures) if measures else None


def key_of(reference: str) -> Key:
    """Source and id of an event as `events` lists it; a source has no blank."""
    source, _, event_id = reference.partition(" ")
    return source, event_id


def judged(
    events: Sequence[IncidentEvent], fallback: Callable[[], Verdict], *, settled: Collection[Key] = ()
) -> tuple[IncidentState, Verdict]:
    """Fold the events of one subject and judge the whole. `settled`: see `fold`.

    Where a rule crashes, the incident keeps the `fallback` verdict and its state says `judge_failed`.
    """
    incident = fold(events, settled=settled)
    try:
        verdict = judge(incident, pack_of(incident))
    except RuleCrash as crash:
        log.exception("judge_failed", subject=incident.subject, rule=crash.rule_id)
        verdict = fallback()
        return state_of(incident, verdict, judge_failed=True), verdict
    return state_of(incident, verdict), verdict


def fields_of(incident: Incident) -> dict[str, Any]:
    """The folded fields of an incident as JSON has them, without its events."""
    values = msgspec.structs.asdict(incident)
    del values["events"]
    shown: dict[str, Any] = orjson.loads(orjson.dumps(values, default=vars))
    return shown


def incident_event(raw: bytes) -> IncidentEvent:
    """A recorded event of an incident's fold."""
    event = read(raw)
    assert isinstance(event, IncidentEvent)  # noqa: S101  # its type says so
    return event
