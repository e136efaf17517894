"""Insert each event once, with its verdict and, for a first report, the first state of its incident.

An event that is not new is a duplicate or a conflict.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import Origin
from sinks.postgres.bulk_copy import Statements, names, quoted
from sinks.postgres.staging import ARRIVING
from sinks.postgres.tables import conflict, event, incident_state
from sinks.record import canonical_json
from sinks.record.states import state_columns

logger = structlog.get_logger(__name__)

_NO_STATE: dict[str, Any] = dict.fromkeys(names(incident_state))
_RECEIVED = "timestamptz 'epoch' + received_ms * interval '1 millisecond'"
_EVENT = names(event)
_FROM_ARRIVING = {"log": "%(log)s", "received_at": _RECEIVED, "recorded_at": "%(recorded_at)s"}
# PostgreSQL reads a temporary table from its beginning to its end, so it locks rows in the order in which they were copied.
_INSERT_NEW = f"""
INSERT INTO event ({quoted(_EVENT)}) SELECT {", ".join(_FROM_ARRIVING.get(name, f'"{name}"') for name in _EVENT)} FROM arriving
ON CONFLICT DO NOTHING
"""
# The stamp tells this transaction's rows from those of an earlier reading of the log; the place in the log tells an event from its twin in the batch.
_REFUSED = """
SELECT place FROM arriving WHERE NOT EXISTS (
    SELECT FROM event WHERE event.source = arriving.source AND event.id = arriving.id AND recorded_at = %s
        AND log = %s AND event.topic = arriving.topic AND event.partition = arriving.partition AND event."offset" = arriving."offset"
)
"""
_INSERT_VERDICTS = """
INSERT INTO verdict (source, id, rule_pack, judge_version, outcome, findings, recorded_at)
SELECT source, id, rule_pack, judge_version, machine_outcome, findings, %s FROM arriving WHERE place <> ALL(%s) ON CONFLICT DO NOTHING
"""
_OF_A_FIRST_STATE = {
    "version": "1",
    "recorded_at": "%s",
    "superseded_at": "NULL",
    "reporter": "source",
    "complete": "true",
    **dict.fromkeys(("retracted", "assessed", "facts_after_assessment", "judge_failed"), "false"),
    "findings": "NULL",
    "events": "ARRAY[source || ' ' || id]",
}
_INSERT_FIRST_STATES = f"""
INSERT INTO incident_state ({quoted(names(incident_state))})
SELECT {", ".join(_OF_A_FIRST_STATE.get(name, name) for name in names(incident_state))}
FROM arriving WHERE kind IS NOT NULL AND place <> ALL(%s) ORDER BY subject ON CONFLICT DO NOTHING RETURNING subject, outcome, side
"""
# LATERAL … OFFSET 0 makes one index lookup for each row. The planner has no statistics of a temporary table and would scan all events instead.
_SAME_ID = """
SELECT place, CASE WHEN recorded.body::text <> arriving.body::text THEN recorded.body::text END FROM arriving CROSS JOIN LATERAL (
    SELECT body FROM event WHERE event.source = arriving.source AND event.id = arriving.id OFFSET 0
) AS recorded WHERE place = ANY(%s)
"""
_SAME_SEQUENCE = """
SELECT place, recorded.id FROM arriving CROSS JOIN LATERAL (
    SELECT id FROM event WHERE event.source = arriving.source AND event.sequence = arriving.sequence OFFSET 0
) AS recorded WHERE place = ANY(%s)
"""
_CONFLICT = tuple(name for name in names(conflict) if name != "settled_at")
_INSERT_CONFLICT = f"""
INSERT INTO conflict ({quoted(_CONFLICT)}) VALUES ({", ".join(f"%({name})s" for name in _CONFLICT)}) ON CONFLICT DO NOTHING
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Disposition(enum.Enum):
    """How one event of a batch ended."""

    RECORDED = enum.auto()
    DUPLICATE = enum.auto()
    CONFLICT = enum.auto()


@dataclass(frozen=True, slots=True)
class Clash:
    """Why an event that could not be inserted is no duplicate."""

    by: str
    """`id` or `sequence`."""
    with_id: str


@dataclass(slots=True)
class Inserted:
    """How the events of a batch ended."""

    dispositions: dict[int, Disposition] = field(default_factory=dict)
    """By place in the batch."""
    first_states: set[str] = field(default_factory=set)
    """The subjects of incidents whose first state was inserted."""


def insert(cursor: Statements, log: str, events: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> Inserted:
    """Insert the new events of a batch, with their verdicts and first states, and keep conflicts aside.

    The result is the same as if the events had arrived one by one: of twins in a batch the first counts.
    """
    insertion = _Insertion(cursor, log, events, recorded_at, counts)
    waiting = list(range(len(events)))
    twins: dict[int, int] = {}
    while waiting:
        distinct, waiting = _distinct(events, waiting, twins)
        insertion.insert(distinct)
        if waiting:
            cursor.execute("DELETE FROM arriving")
    dispositions = insertion.result.dispositions
    for place, first in twins.items():
        dispositions[place] = Disposition.DUPLICATE if dispositions[first] is Disposition.RECORDED else dispositions[first]
    return insertion.result


def received_at(origin: Origin, received_ms: int | None = None) -> datetime:
    """When the door received the record or, of one that came another way, the log took it."""
    return _EPOCH + timedelta(milliseconds=origin.timestamp if received_ms is None else received_ms)


def _distinct(events: Sequence[ClassifiedEvent], places: Iterable[int], twins: dict[int, int]) -> tuple[list[int], list[int]]:
    """The events that share no id and no sequence with an earlier one, and those that do. An event with the same bytes goes to `twins`."""
    distinct: list[int] = []
    others: list[int] = []
    by_id: dict[tuple[str, str], int] = {}
    by_sequence: dict[tuple[str, int], int] = {}
    for place in places:
        row = events[place].row
        same_id = by_id.setdefault((row.source, row.id), place)
        same_sequence = by_sequence.setdefault((row.source, row.sequence), place)
        if same_id == same_sequence == place:
            distinct.append(place)
        elif same_id == same_sequence and events[same_id].raw == events[place].raw:
            twins[place] = same_id
        else:
            others.append(place)
    return distinct, others


class _Insertion:
    """One batch on its way into the tables."""

    def __init__(self, cursor: Statements, log: str, events: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> None:
        self._cursor = cursor
        self._log = log
        self._events = events
        self._recorded_at = recorded_at
        self._counts = counts
        self._keys = [(event.row.source, event.row.id) for event in events]
        self._of_subject = Counter(event.row.subject for event in events)
        self.result = Inserted()

    def insert(self, places: Sequence[int]) -> None:
        """Insert events of which no two share an id or a sequence."""
        cursor, dispositions = self._cursor, self.result.dispositions
        ARRIVING.fill(cursor, [self._row(place) for place in sorted(places, key=self._keys.__getitem__)])
        inserted = cursor.execute(_INSERT_NEW, {"log": self._log, "recorded_at": self._recorded_at}).rowcount
        refused: list[int] = []
        if inserted < len(places):
            cursor.execute(_REFUSED, (self._recorded_at, self._log))
            refused = [place for (place,) in cursor]
        clashes = self._clashes(refused) if refused else {}
        dispositions.update(dict.fromkeys(places, Disposition.RECORDED))
        dispositions.update(dict.fromkeys(refused, Disposition.DUPLICATE))
        dispositions.update(dict.fromkeys(clashes, Disposition.CONFLICT))
        self._keep(clashes)
        cursor.execute(_INSERT_VERDICTS, (self._recorded_at, list(clashes)))
        cursor.execute(_INSERT_FIRST_STATES, (self._recorded_at, refused))
        for subject, outcome, side in cursor:
            self.result.first_states.add(subject)
            self._counts.verdicts[outcome, side] += 1

    def _row(self, place: int) -> dict[str, Any]:
        event = self._events[place]
        row, origin, verdict, state = event.row, event.origin, event.verdict, event.row.incident
        # Several events of a subject are folded together.
        values = _NO_STATE.copy() if state is None or self._of_subject[row.subject] > 1 else state_columns(state)
        values["place"] = place
        values["source"] = row.source
        values["id"] = row.id
        values["subject"] = row.subject
        values["type"] = row.type
        values["time"] = row.time
        values["sequence"] = row.sequence
        values["occurred_start"] = row.occurred_start
        values["body"] = event.raw
        values["topic"] = origin.topic
        values["partition"] = origin.partition
        values["offset"] = origin.offset
        values["received_ms"] = origin.timestamp if event.received_ms is None else event.received_ms
        values["rule_pack"] = verdict.rule_pack
        values["judge_version"] = verdict.judge_version
        values["findings"] = verdict.findings
        values["machine_outcome"] = verdict.outcome
        return values

    def _clashes(self, refused: list[int]) -> dict[int, Clash]:
        """Those of the events not inserted that are no duplicates."""
        self._cursor.execute(_SAME_ID, (refused,))
        bodies: dict[int, str | None] = dict(self._cursor.fetchall())
        clashes = {
            place: Clash("id", self._events[place].row.id)
            for place, body in bodies.items()
            if body is not None and not canonical_json.same(body.encode(), self._events[place].raw)
        }
        if unknown := [place for place in refused if place not in bodies]:
            self._cursor.execute(_SAME_SEQUENCE, (unknown,))
            clashes |= {place: Clash("sequence", with_id) for place, with_id in self._cursor}
        return clashes

    def _keep(self, clashes: Mapping[int, Clash]) -> None:
        """Insert conflicts that are not kept already."""
        for place, clash in sorted(clashes.items(), key=lambda item: self._events[item[0]].row.id):
            event = self._events[place]
            row, origin = event.row, event.origin
            values = {
                "source": row.source,
                "id": row.id,
                "subject": row.subject,
                "type": row.type,
                "time": row.time,
                "sequence": row.sequence,
                "topic": origin.topic,
                "partition": origin.partition,
                "offset": origin.offset,
                "digest": canonical_json.digest(event.raw),
                "body": event.raw.decode(),
                "conflicts_by": clash.by,
                "with_id": clash.with_id,
                "log": self._log,
                "received_at": received_at(origin, event.received_ms),
                "recorded_at": self._recorded_at,
            }
            if self._cursor.execute(_INSERT_CONFLICT, values).rowcount:
                self._counts.conflicts_kept += 1
                logger.warning("conflict", source=row.source, event_id=row.id, by=clash.by, with_id=clash.with_id)
