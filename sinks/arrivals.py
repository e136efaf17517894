# statements are put together from our own column names, never from values
"""Events into the record, each once: what is new is inserted, the rest is a duplicate or a conflict."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import Column, Integer

from schemas.events import Crossed, CrossingFixed, PostSaid, Reported, Updated
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import Finding, Origin
from sinks import sameness
from sinks.copying import Statements, Target, names, quoted
from sinks.tables import conflict, event, verdict

ARRIVING = Target("arriving", [Column("place", Integer), *event.columns])
"""Events as they arrived, numbered by their place in the batch."""
GIVEN = Target("given", verdict.columns)
"""Their verdicts, where some may be there already."""

_VERDICTS = Target("verdict", verdict.columns)
logger = structlog.get_logger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encoder = msgspec.json.Encoder()
_EVENT = names(event)
_VERDICT = names(verdict)
_INSERT_NEW = f"""
WITH made AS (
    INSERT INTO event ({quoted(_EVENT)}) SELECT {quoted(_EVENT)} FROM arriving ORDER BY source, id
    ON CONFLICT DO NOTHING RETURNING source, id
)
SELECT place FROM arriving WHERE NOT EXISTS (SELECT FROM made WHERE made.source = arriving.source AND made.id = arriving.id)
"""
INSERT_VERDICTS = f"""
INSERT INTO verdict ({quoted(_VERDICT)}) SELECT {quoted(_VERDICT)} FROM given ORDER BY source, id ON CONFLICT DO NOTHING
"""
"""From `given`, those that are not there."""
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
_CONFLICT = names(conflict)
_INSERT_CONFLICT = f"""
INSERT INTO conflict ({quoted(_CONFLICT)}) VALUES ({", ".join(f"%({name})s" for name in _CONFLICT)}) ON CONFLICT DO NOTHING
"""


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


def insert(cursor: Statements, log: str, judged: Sequence[ClassifiedEvent], recorded_at: datetime, into: Recorded) -> list[Disposition]:
    """Insert what is new of a batch, with its verdicts; keep conflicts aside. How each event ended, in the batch's order.

    The result is as if the events had arrived one by one: of twins in a batch the first counts.
    """
    ended: dict[int, Disposition] = {}
    waiting = list(range(len(judged)))
    followers: dict[int, int] = {}
    while waiting:
        first, waiting = _apart(judged, waiting, followers)
        ended |= _insert_distinct(cursor, log, judged, first, recorded_at, into)
        if waiting:
            cursor.execute("DELETE FROM arriving")
    for place, leader in followers.items():
        ended[place] = Disposition.DUPLICATE if ended[leader] is Disposition.RECORDED else ended[leader]
    return [ended[place] for place in range(len(judged))]


def _apart(judged: Sequence[ClassifiedEvent], places: Iterable[int], followers: dict[int, int]) -> tuple[list[int], list[int]]:
    """Those that share no id and no sequence with an earlier one, and the rest. The same bytes again just follow the first."""
    first: list[int] = []
    later: list[int] = []
    seen: dict[tuple[str, str | int], int] = {}
    for place in places:
        one = judged[place].event
        by_id = seen.setdefault((one.source, one.id), place)
        by_number = seen.setdefault((one.source, one.number), place)
        if by_id == by_number == place:
            first.append(place)
        elif by_id == by_number and judged[by_id].raw == judged[place].raw:
            followers[place] = by_id
        else:
            later.append(place)
    return first, later


def _insert_distinct(
    cursor: Statements, log: str, judged: Sequence[ClassifiedEvent], places: list[int], recorded_at: datetime, into: Recorded
) -> dict[int, Disposition]:
    ARRIVING.fill(cursor, [_event_row(place, log, judged[place], recorded_at) for place in places])
    cursor.execute(_INSERT_NEW)
    refused = [place for (place,) in cursor]
    ended = dict.fromkeys(places, Disposition.RECORDED)
    if not refused:
        # A new event has no verdict yet: its verdicts need no asking.
        _VERDICTS.fill(cursor, [_verdict_row(judged[place], recorded_at) for place in places])
        return ended
    clashes = _clashes(cursor, judged, refused)
    ended |= dict.fromkeys(refused, Disposition.DUPLICATE) | dict.fromkeys(clashes, Disposition.CONFLICT)
    into.conflicts_kept += _keep(cursor, log, judged, clashes, recorded_at)
    GIVEN.fill(cursor, [_verdict_row(judged[place], recorded_at) for place in places if place not in clashes])
    cursor.execute(INSERT_VERDICTS)
    cursor.execute("DELETE FROM given")
    return ended


def _event_row(place: int, log: str, one: ClassifiedEvent, recorded_at: datetime) -> tuple[Any, ...]:
    said, origin = one.event, one.origin
    return (
        *(place, said.source, said.id, said.subject, said.type, said.time, said.number, _occurred(said), one.raw),
        *(log, origin.topic, origin.partition, origin.offset, received_at(origin), recorded_at),
    )


def _verdict_row(one: ClassifiedEvent, recorded_at: datetime) -> tuple[Any, ...]:
    said, given = one.event, one.verdict
    return (said.source, said.id, given.rule_pack, given.judge_version, given.outcome, findings_json(given.findings), recorded_at)


def _occurred(said: object) -> datetime | None:
    match said:
        case Reported() | Updated():
            return said.data.occurred.start if said.data.occurred else None
        case Crossed() | CrossingFixed() | PostSaid():
            return said.data.interval.start
    return None


def received_at(origin: Origin) -> datetime:
    """When the log took it."""
    return _EPOCH + timedelta(milliseconds=origin.timestamp)


def findings_json(findings: tuple[Finding, ...]) -> bytes:
    """Findings as they are stored."""
    return _encoder.encode(findings)


def _clashes(cursor: Statements, judged: Sequence[ClassifiedEvent], refused: list[int]) -> dict[int, Clash]:
    """Of events that were not inserted, those that are no duplicates."""
    cursor.execute(_KNOWN_BY_ID, (refused,))
    otherwise: dict[int, str | None] = dict(cursor.fetchall())
    clashes = {
        place: Clash("id", judged[place].event.id)
        for place, body in otherwise.items()
        if body is not None and not sameness.same(body.encode(), judged[place].raw)
    }
    if unknown := [place for place in refused if place not in otherwise]:
        cursor.execute(_KNOWN_BY_SEQUENCE, (unknown,))
        clashes |= {place: Clash("sequence", with_id) for place, with_id in cursor}
    return clashes


def _keep(cursor: Statements, log: str, judged: Sequence[ClassifiedEvent], clashes: Mapping[int, Clash], recorded_at: datetime) -> int:
    """Keep conflicts that are not kept already. Returns how many were not."""
    kept = 0
    for place, clash in sorted(clashes.items(), key=lambda item: judged[item[0]].event.id):
        one = judged[place]
        said, origin = one.event, one.origin
        row = {
            "source": said.source,
            "id": said.id,
            "digest": sameness.digest(one.raw),
            "subject": said.subject,
            "type": said.type,
            "time": said.time,
            "sequence": said.number,
            "body": one.raw.decode(),
            "conflicts_by": clash.by,
            "with_id": clash.with_id,
            "log": log,
            "topic": origin.topic,
            "partition": origin.partition,
            "offset": origin.offset,
            "received_at": received_at(origin),
            "recorded_at": recorded_at,
        }
        is_new = cursor.execute(_INSERT_CONFLICT, row).rowcount
        if is_new:
            logger.warning("conflict", source=said.source, event_id=said.id, by=clash.by, with_id=clash.with_id)
        kept += is_new
    return kept
