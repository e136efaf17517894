"""The positions of the stages, compared with the logs as they are now, and reset where a person decides."""

import asyncio
import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mocgioi.service.cluster import GROUPS, cluster_of
from mocgioi.service.database import record_engine
from mocgioi.service.settings import Settings
from mocgioi.views.output import fail
from schemas.records import LastRecord, Partition, Position
from sinks.record import position_resets
from streams.group_offsets import commit, committed, members
from streams.kafka import Cluster
from streams.same_log import PartitionLog, appended_at, cluster_id, difference, logs_of

Row = dict[str, Any]
StoredPositions = Mapping[str, Mapping[Partition, Position]]
"""Positions that the record keeps, by log."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a stage stands in a partition."""

    stage: str
    log: str
    partition: Partition
    position: Position
    now: PartitionLog | None = None
    """The partition as Kafka has it; None where it has no such log, or was not asked."""

    @property
    def difference(self) -> str | None:
        """Why the log is not the one that the position was stored for; None where it is."""
        return difference(self.position, self.now) if self.now else None


def recorded(settings: Settings) -> StoredPositions:
    """The positions that the record keeps."""
    with record_engine(settings) as engine:
        return position_resets.positions(engine)


def uncompared(stored: StoredPositions) -> list[Standing]:
    """The record's positions, compared with no log."""
    return [Standing("record", log, partition, at) for log, stands in stored.items() for partition, at in stands.items()]


async def compared(cluster: Cluster, stored: StoredPositions) -> list[Standing]:
    """The positions of both stages in this cluster, each with the log as it is now. Raises `Unavailable`."""
    log = await cluster_id(cluster)
    stages = {"classify": await committed(cluster, GROUPS["classify"]), "record": stored.get(log, {})}
    every = {partition: at for stands in stages.values() for partition, at in stands.items()}  # no topic is read by both
    logs = await logs_of(cluster, {partition: at.last and at.last.offset for partition, at in every.items()})
    return [
        Standing(stage, log, partition, at, logs[partition]) for stage, stands in stages.items() for partition, at in sorted(stands.items())
    ]


def as_json(standing: Standing) -> Row:
    """A row of `positions show --json`."""
    now = standing.now
    return {
        **_row(standing.stage, standing.partition, standing.position),
        "log": standing.log,
        "log_incarnation": now and now.incarnation,
        "beginning": now and now.first,
        "end": now and now.end,
        "record": now and _record(now.record),
        "agrees": None if now is None else standing.difference is None,
        "difference": standing.difference,
    }


def reset(settings: Settings, chosen: Sequence[Standing], to: str, *, by: str | None, reason: str) -> list[Row]:
    """Move these positions, of one cluster, to `beginning`, `end` or an offset. Leaves with a problem where a worker of theirs is live.

    Returns them as they are now.
    """
    cluster = cluster_of(settings)
    for stage in sorted({standing.stage for standing in chosen}):
        if hosts := asyncio.run(members(cluster, GROUPS[stage])):
            fail("worker_live", f"{stage}: dừng hết tiến trình trước đã · stop its workers first: {', '.join(hosts)}")
    after = asyncio.run(_targets(cluster, chosen, to))
    before = [_row(standing.stage, standing.partition, standing.position) for standing in chosen]
    rows = [_row(standing.stage, standing.partition, after[standing.partition]) for standing in chosen]
    of_stage = {
        stage: {standing.partition: after[standing.partition] for standing in chosen if standing.stage == stage} for stage in GROUPS
    }
    with record_engine(settings) as engine:
        position_resets.reset(engine, chosen[0].log, of_stage["record"], by=by or _user(), reason=reason, before=before, after=rows)
    if of_stage["classify"]:
        asyncio.run(commit(cluster, GROUPS["classify"], of_stage["classify"]))
    return rows


async def _targets(cluster: Cluster, chosen: Sequence[Standing], to: str) -> dict[Partition, Position]:
    """The positions to go on at, each with the record before it."""
    offsets = {}
    for standing in chosen:
        now = standing.now
        assert now is not None, "compared with a log"  # noqa: S101  # by `compared`
        offset = {"beginning": now.first, "end": now.end}.get(to)
        offset = int(to) if offset is None else offset
        if not now.first <= offset <= now.end:
            topic, number = standing.partition
            fail("offset", f"{topic}[{number}]: cần từ · needs {now.first} đến · to {now.end}")
        offsets[standing.partition] = offset
    logs = await logs_of(cluster, {partition: offset - 1 for partition, offset in offsets.items()})
    return {partition: Position(offset, logs[partition].incarnation, logs[partition].record) for partition, offset in offsets.items()}


def _row(stage: str, partition: Partition, position: Position) -> Row:
    topic, number = partition
    return {
        "stage": stage,
        "topic": topic,
        "partition": number,
        "offset": position.offset,
        "incarnation": position.incarnation,
        "last": _record(position.last),
    }


def _record(record: LastRecord | None) -> Row | None:
    return None if record is None else {"offset": record.offset, "at": appended_at(record), "digest": record.digest}


def _user() -> str:
    """Who runs this, as the operating system knows them; in a container they may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
