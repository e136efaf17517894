"""Removing a secret payload from everywhere this program has put it: the logs, the dead letters, the spool.

A log is cut, so every record before the secret goes too. That is safe only where the record holds each of them word for word, or as a dead
letter, and where no stage has still to read it; otherwise nothing is removed, and what is missing is named. It is cut as far as that is so
behind the secret too: Kafka deletes files, and one that holds any record still wanted stays on its disk, with the secret in it.
"""

import asyncio
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import ConsumerRecord
from sqlalchemy import Engine

from mocgioi.service.cluster import GROUPS, cluster_of
from mocgioi.service.sending import RecordingSession
from mocgioi.service.settings import Settings
from mocgioi.service.spools import spool_of
from mocgioi.views.output import USAGE, fail
from posts.spool import TOPIC as SPOOL
from schemas.failures import Failure
from schemas.invisible import is_blank
from schemas.records import DeadLetter, Partition
from schemas.topics import DEAD_LETTERS, DOOR
from schemas.validation import SECRET, registered_source, repeatable
from schemas.verdicts import Origin
from sinks.record import secret_removals
from sinks.record.secret_removals import Decision, KeptLetter
from streams import log_cut
from streams.batch import RecordFailed
from streams.group_offsets import committed
from streams.kafka import Cluster
from streams.messages import read_dead_letter
from streams.same_log import cluster_id

_END = 2**62
_SHOWN = 10


class NotRemovable(Failure):
    """The payload cannot be removed as things stand; nothing was. Says what has to happen first."""

    code = "not_removable"


@dataclass(frozen=True, slots=True)
class LogCut:
    """A partition that loses its records before `end`."""

    partition: Partition
    end: int
    records: int
    """How many go, the secret ones included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a removal takes away."""

    log: str
    sha256: str
    letters: Sequence[KeptLetter]
    """Every place where this payload was read."""
    cuts: Sequence[LogCut]
    in_spool: bool
    """Whether the log is a spool, which forgets all that the record holds."""


def decision(by: str, confirmed_by: str, reason: str) -> Decision:
    """A decision of two persons, for a reason. Leaves with a problem where it is not one."""
    by, confirmed_by, reason = (unicodedata.normalize("NFC", " ".join(text.split())) for text in (by, confirmed_by, reason))
    for option, text in (("--by", by), ("--confirmed-by", confirmed_by), ("--reason", reason)):
        if is_blank(text):
            fail("usage", f"{option}: không được để trống · must not be empty", USAGE)
    if by.casefold() == confirmed_by.casefold():
        fail("two_persons", "--by và --confirmed-by phải là hai người khác nhau · must be two different persons")
    return Decision(by, confirmed_by, reason)


def plan(settings: Settings, engine: Engine, log: str, sha256: str) -> Plan:
    """What has to go so that this payload is nowhere. Raises `NotRemovable`, `Unavailable`."""
    letters = secret_removals.letters_of(engine, log, sha256)
    # What the door refused came in a message of its own: its place says nothing of where that lies, the log does.
    origins = [letter.origin for letter in letters if letter.origin.topic != DOOR]
    in_spool = any(origin.topic == SPOOL for origin in origins) or secret_removals.position(engine, log, (SPOOL, 0)) > 0
    if in_spool:
        _refuse_unheld(settings, engine, log)
        return Plan(log, sha256, letters, [], in_spool)
    places = {(origin.topic, origin.partition): origin.offset for origin in origins}  # in order: the last stays
    return Plan(log, sha256, letters, asyncio.run(_cuts(settings, engine, log, sha256, places)), in_spool)


def carry_out(settings: Settings, engine: Engine, plan: Plan, decision: Decision) -> None:
    """Remove it: the decision is noted first, so that a removal which was interrupted shows; again does the rest."""
    secret_removals.remove(engine, plan.log, plan.sha256, plan.letters, decision)
    if plan.in_spool:
        with spool_of(settings) as spool:
            if spool.id == plan.log:
                RecordingSession(spool, engine).forget()
    for cut in plan.cuts:
        asyncio.run(log_cut.delete_before(cluster_of(settings), cut.partition, cut.end))


def as_json(plan: Plan) -> dict[str, Any]:
    """What goes, without a word of it."""
    return {
        "dead_letters": [f"{letter.origin.topic}:{letter.origin.partition}:{letter.origin.offset}" for letter in plan.letters],
        "cuts": [{"topic": cut.partition[0], "partition": cut.partition[1], "end": cut.end, "records": cut.records} for cut in plan.cuts],
    }


def _refuse_unheld(settings: Settings, engine: Engine, log: str) -> None:
    with spool_of(settings) as spool:
        if spool.id == log and (rows := RecordingSession(spool, engine).unheld()):
            where = _shown((SPOOL, 0), rows)
            raise NotRemovable(f"{where}: cơ sở dữ liệu chưa có, nạp trước · the record has them not, take them in first: `mocgioi ingest`")


async def _cuts(settings: Settings, engine: Engine, log: str, sha256: str, places: Mapping[Partition, int]) -> list[LogCut]:
    """`places`: the last copy in each partition of a source."""
    if settings.kafka is None:
        raise NotRemovable("MOCGIOI_KAFKA chưa đặt: nội dung nằm trong Kafka · is not set, and the payload lies in Kafka")
    cluster = cluster_of(settings)
    connected = await cluster_id(cluster)
    if connected != log:
        raise NotRemovable(f"nội dung nằm ở cụm Kafka {log}, đang nối với {connected} · the payload lies in another cluster")
    cuts = [await _source_cut(cluster, engine, log, sha256, partition, last) for partition, last in places.items()]
    numbers = range(await log_cut.partitions(cluster, DEAD_LETTERS))
    cuts += [await _letter_cut(cluster, engine, log, sha256, (DEAD_LETTERS, number)) for number in numbers]
    return [cut for cut in cuts if cut is not None]


async def _source_cut(cluster: Cluster, engine: Engine, log: str, sha256: str, partition: Partition, last: int) -> LogCut | None:
    """As far as classify has read and the record holds everything, behind the last copy of the payload in a source."""
    read_by_classify = await committed(cluster, GROUPS["classify"], [partition])
    end = read_by_classify[partition].offset if partition in read_by_classify else 0
    _refuse_unread("classify", partition, end, last)
    count = 0
    async for records in log_cut.records_before(cluster, partition, end):
        payloads = {record.offset: record.value for record in records}
        if last in payloads and hashlib.sha256(payloads[last] or b"").hexdigest() != sha256:
            raise NotRemovable(f"{_shown(partition, [last])}: nay là bản ghi khác, topic đã tạo lại · another record stands there now")
        missing = secret_removals.unrecorded(engine, log, partition, payloads)
        if lost := [offset for offset in missing if offset < last]:
            raise NotRemovable(f"{_shown(partition, lost)}: cơ sở dữ liệu chưa có, sẽ mất · would be lost, the record has them not")
        end = missing[0] if missing else end
        count += sum(offset < end for offset in payloads)
        if missing:
            break
    return LogCut(partition, end, count) if count else None


async def _letter_cut(cluster: Cluster, engine: Engine, log: str, sha256: str, partition: Partition) -> LogCut | None:
    """As far as record has read, behind the last dead letter that carries more of the payload than a secret's letter may."""
    end = secret_removals.position(engine, log, partition)
    letters: list[DeadLetter] = []
    last = -1
    async for records in log_cut.records_before(cluster, partition, _END):
        for record in records:
            letter = _letter(record)
            if letter.sha256 == sha256 and letter != _bare(letter):
                last = record.offset
            if record.offset < end:
                letters.append(letter)
    if last < 0:
        return None
    _refuse_unread("record", partition, end, last)
    if missing := secret_removals.without_letter(engine, log, letters):
        where = ", ".join(f"{origin.topic}:{origin.partition}:{origin.offset}" for origin in missing[:_SHOWN])
        raise NotRemovable(f"{where}: thư chết chưa có trong cơ sở dữ liệu · the record has not these dead letters")
    return LogCut(partition, end, len(letters))


def _letter(record: ConsumerRecord) -> DeadLetter:
    """The dead letter in a message. One that cannot be read is a dead letter of its own place."""
    try:
        return read_dead_letter(record)
    except RecordFailed:
        return DeadLetter(Origin(record.topic, record.partition, record.offset, record.timestamp), "unreadable", "", None, "")


def _bare(letter: DeadLetter) -> DeadLetter:
    """What a secret's letter may say."""
    return replace(
        letter,
        code=SECRET.code,
        reason=SECRET.message,
        payload=None,
        key=None,
        source=registered_source(letter.source),
        event_id=repeatable(letter.event_id, secret=True),
        problems=tuple(problem for problem in letter.problems if problem == SECRET),
    )


def _refuse_unread(stage: str, partition: Partition, position: int, last: int) -> None:
    if position <= last:
        where = _shown(partition, [last])
        raise NotRemovable(f"{stage} đứng ở {position}, chưa đọc qua {where} · {stage} has not read past it: chạy worker rồi thử lại")


def _shown(partition: Partition, offsets: Sequence[int]) -> str:
    topic, number = partition
    more = f" … ({len(offsets)})" if len(offsets) > _SHOWN else ""
    return f"{topic}[{number}]@{', '.join(map(str, offsets[:_SHOWN]))}{more}"
