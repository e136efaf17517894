# statements are put together from our own column names, never from values
"""Events into the record, each once, with its verdict and, of a first report, its incident's first state.

What is new is inserted; the rest is a duplicate or a conflict.
"""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import structlog
from sqlalchemy import BigInteger, Column, Integer

from schemas.codebook import Kind
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import Origin
from sinks.postgres.bulk_copy import Statements, Target, names, quoted, small_array, text_array
from sinks.postgres.tables import conflict, event, incident_state, verdict
from sinks.record import canonical_json
from sinks.record.states import measures_json

logger = structlog.get_logger(__name__)

_STATED = ("source", "id", "subject", "type", "time", "sequence", "occurred_start")
_READ_AT = ("topic", "partition", "offset")
_STATE = (
    *("kind", "status", "occurred_precision", "side", "direction", "scheme", "gate", "area", "province", "district", "commune"),
    *("act", "outcome"),
)
_STATE_LISTS = ("clauses", "article39", "markers")
_stated, _read_at, _state, _state_lists = attrgetter(*_STATED), attrgetter(*_READ_AT), attrgetter(*_STATE), attrgetter(*_STATE_LISTS)
_NO_STATE = (None,) * (len(_STATE + _STATE_LISTS) + 1)

ARRIVING = Target(
    "arriving",
    [
        Column("place", Integer),
        *(event.c[name] for name in (*_STATED, "body", *_READ_AT)),
        Column("received_ms", BigInteger),
        *(verdict.c[name] for name in ("rule_pack", "judge_version", "findings")),
        incident_state.c.machine_outcome,
        *(incident_state.c[name] for name in (*_STATE, *_STATE_LISTS, "measures")),
    ],
)
"""Events as they arrived, numbered by their place in the batch. The columns of a state are empty where the event alone makes none."""

_RECEIVED = "timestamptz 'epoch' + received_ms * interval '1 millisecond'"
_EVENT = names(event)
_FROM_ARRIVING = {"log": "%(log)s", "received_at": _RECEIVED, "recorded_at": "%(recorded_at)s"}
# A temporary table is read from its beginning to its end, so rows are locked in the order in which they were copied.
_INSERT_NEW = f"""
INSERT INTO event ({quoted(_EVENT)}) SELECT {", ".join(_FROM_ARRIVING.get(name, f'"{name}"') for name in _EVENT)} FROM arriving
ON CONFLICT DO NOTHING
"""
# The stamp tells this transaction's rows from those of an earlier reading of the log, the place in the log one from its twin in the batch.
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
FROM arriving WHERE kind IS NOT NULL AND place <> ALL(%s) ORDER BY subject ON CONFLICT DO NOTHING RETURNING subject, kind, outcome
"""
# LATERAL … OFFSET 0: always one look into the index a row. The planner knows nothing of a temporary table and would read all events instead.
_KNOWN_BY_ID = """
SELECT place, CASE WHEN known.body::text <> arriving.body::text THEN known.body::text END FROM arriving CROSS JOIN LATERAL (
    SELECT body FROM event WHERE event.source = arriving.source AND event.id = arriving.id OFFSET 0
) AS known WHERE place = ANY(%s)
"""
_KNOWN_BY_SEQUENCE = """
SELECT place, known.id FROM arriving CROSS JOIN LATERAL (
    SELECT id FROM event WHERE event.source = arriving.source AND event.sequence = arriving.sequence OFFSET 0
) AS known WHERE place = ANY(%s)
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
    """Why an event could not be inserted, and is no duplicate."""

    by: str
    """`id` or `sequence`."""
    with_id: str


@dataclass(slots=True)
class Inserted:
    """What the events of a batch came to."""

    ended: dict[int, Disposition] = field(default_factory=dict)
    """By place in the batch."""
    first_states: set[str] = field(default_factory=set)
    """Subjects of incidents that are new and have their first state."""


def insert(cursor: Statements, log: str, events: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> Inserted:
    """Insert what is new of a batch, with its verdicts and first states; keep conflicts aside.

    The result is as if the events had arrived one by one: of twins in a batch the first counts.
    """
    insertion = _Insertion(cursor, log, events, recorded_at, counts)
    waiting = list(range(len(events)))
    followers: dict[int, int] = {}
    while waiting:
        distinct, waiting = _apart(events, waiting, followers)
        insertion.insert(distinct)
        if waiting:
            cursor.execute("DELETE FROM arriving")
    ended = insertion.result.ended
    for place, leader in followers.items():
        ended[place] = Disposition.DUPLICATE if ended[leader] is Disposition.RECORDED else ended[leader]
    return insertion.result


def received_at(origin: Origin) -> datetime:
    """When the log took it."""
    return _EPOCH + timedelta(milliseconds=origin.timestamp)


def _apart(events: Sequence[ClassifiedEvent], places: Iterable[int], followers: dict[int, int]) -> tuple[list[int], list[int]]:
    """Those that share no id and no sequence with an earlier one, and the rest. The same bytes again just follow the first."""
    first: list[int] = []
    later: list[int] = []
    by_id: dict[tuple[str, str], int] = {}
    by_sequence: dict[tuple[str, int], int] = {}
    for place in places:
        row = events[place].row
        same_id = by_id.setdefault((row.source, row.id), place)
        same_sequence = by_sequence.setdefault((row.source, row.sequence), place)
        if same_id == same_sequence == place:
            first.append(place)
        elif same_id == same_sequence and events[same_id].raw == events[place].raw:
            followers[place] = same_id
        else:
            later.append(place)
    return first, later


class _Insertion:
    """One batch on its way into the tables."""

    def __init__(self, cursor: Statements, log: str, events: Sequence[ClassifiedEvent], recorded_at: datetime, counts: Recorded) -> None:
        self._cursor = cursor
        self._log = log
        self._events = events
        self._recorded_at = recorded_at
        self._counts = counts
        self._of_subject = Counter(event.row.subject for event in events)
        self.result = Inserted()

    def insert(self, places: Sequence[int]) -> None:
        """Insert events of which no two share an id or a sequence."""
        cursor, ended = self._cursor, self.result.ended
        ARRIVING.fill(cursor, [self._row(place) for place in sorted(places, key=self._key)])
        inserted = cursor.execute(_INSERT_NEW, {"log": self._log, "recorded_at": self._recorded_at}).rowcount
        refused: list[int] = []
        if inserted < len(places):
            cursor.execute(_REFUSED, (self._recorded_at, self._log))
            refused = [place for (place,) in cursor]
        clashes = self._clashes(refused) if refused else {}
        ended.update(dict.fromkeys(places, Disposition.RECORDED))
        ended.update(dict.fromkeys(refused, Disposition.DUPLICATE))
        ended.update(dict.fromkeys(clashes, Disposition.CONFLICT))
        self._keep(clashes)
        cursor.execute(_INSERT_VERDICTS, (self._recorded_at, list(clashes)))
        cursor.execute(_INSERT_FIRST_STATES, (self._recorded_at, refused))
        for subject, kind, outcome in cursor:
            self.result.first_states.add(subject)
            self._counts.incidents[Kind(kind), outcome] += 1

    def _key(self, place: int) -> tuple[str, str]:
        row = self._events[place].row
        return row.source, row.id

    def _row(self, place: int) -> tuple[Any, ...]:
        event = self._events[place]
        row, given, origin, state = event.row, event.verdict, event.origin, event.row.incident
        if state is None or self._of_subject[row.subject] > 1:  # several events of a subject are folded together
            columns: tuple[Any, ...] = _NO_STATE
        else:
            clauses, article39, markers = _state_lists(state)
            columns = (*_state(state), text_array(clauses), small_array(article39), text_array(markers), measures_json(state.measures))
        return (
            *(place, *_stated(row), event.raw, *_read_at(origin), origin.timestamp),
            *(given.rule_pack, given.judge_version, given.findings, given.outcome, *columns),
        )

    def _clashes(self, refused: list[int]) -> dict[int, Clash]:
        """Of events that were not inserted, those that are no duplicates."""
        self._cursor.execute(_KNOWN_BY_ID, (refused,))
        bodies: dict[int, str | None] = dict(self._cursor.fetchall())
        clashes = {
            place: Clash("id", self._events[place].row.id)
            for place, body in bodies.items()
            if body is not None and not canonical_json.same(body.encode(), self._events[place].raw)
        }
        if unknown := [place for place in refused if place not in bodies]:
            self._cursor.execute(_KNOWN_BY_SEQUENCE, (unknown,))
            clashes |= {place: Clash("sequence", with_id) for place, with_id in self._cursor}
        return clashes

    def _keep(self, clashes: Mapping[int, Clash]) -> None:
        """Keep conflicts that are not kept already."""
        for place, clash in sorted(clashes.items(), key=lambda item: self._events[item[0]].row.id):
            event = self._events[place]
            row, origin = event.row, event.origin
            values = {
                **{name: getattr(row, name) for name in ("source", "id", "subject", "type", "time", "sequence")},
                **{name: getattr(origin, name) for name in _READ_AT},
                "digest": canonical_json.digest(event.raw),
                "body": event.raw.decode(),
                "conflicts_by": clash.by,
                "with_id": clash.with_id,
                "log": self._log,
                "received_at": received_at(origin),
                "recorded_at": self._recorded_at,
            }
            if self._cursor.execute(_INSERT_CONFLICT, values).rowcount:
                self._counts.conflicts_kept += 1
                logger.warning("conflict", source=row.source, event_id=row.id, by=clash.by, with_id=clash.with_id)
