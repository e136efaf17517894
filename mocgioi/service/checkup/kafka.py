"""Kafka: whether it is there, whether brokers and topics keep what they are given, and how far the stages are behind."""

import asyncio
import time
from collections.abc import Iterator

from mocgioi.service.checkup.part_state import PartState, first_line
from mocgioi.service.cluster import GROUPS, cluster_of
from mocgioi.service.settings import Settings
from schemas.records import Unavailable
from schemas.topics import DEVELOPMENT, PRODUCTION, RESULTS, SOURCES
from streams import brokers, topics
from streams.kafka import Cluster
from streams.lag import lag
from streams.pause import PauseFlag

_COORDINATOR_S = 8.0
_MANY = 10_000
"""A lag of more records does not go away in a moment."""


def look_at_kafka(settings: Settings) -> Iterator[PartState]:
    """Check the brokers, the topics and the lag of each stage."""
    if settings.kafka is None:
        yield PartState("Kafka", "unused", "MOCGIOI_KAFKA chưa đặt: chạy tại chỗ · not set: embedded")
        return
    cluster = cluster_of(settings)
    durability = PRODUCTION if settings.topics_replicated else DEVELOPMENT
    try:
        differences = asyncio.run(topics.check(cluster, durability))
    except Unavailable as away:
        remedy = "kiểm tra địa chỉ, chứng chỉ, mật khẩu · check address, certificate or password"
        yield PartState("Kafka", "unreachable", first_line(away), remedy)
        return
    yield PartState("Kafka", "well", cluster.bootstrap)
    yield from _brokers(asyncio.run(brokers.check(cluster, durability)))
    missing = any(difference.setting == "topic" for difference in differences)
    for difference in differences:
        remedy = "mocgioi topics create" if difference.setting == "topic" else "sửa bằng công cụ Kafka · change it with Kafka's own tools"
        yield PartState("topic", "unwell", str(difference), remedy)
    if missing:
        return
    if not differences:
        yield PartState("topic", "well", f"{len(SOURCES + RESULTS)}")
    yield from asyncio.run(_stages(cluster))


def _brokers(unsafe: list[brokers.UnsafeBroker] | None) -> Iterator[PartState]:
    part = "thiết lập broker · broker settings"
    if unsafe is None:
        yield PartState(part, "unused", "không được phép xem · not permitted to look", "ACL DescribeConfigs, cluster")
    elif not unsafe:
        yield PartState(part, "well", "")
    for risk in unsafe or ():
        shown = f"broker {risk.broker}: {risk.setting} = {risk.value}"
        yield PartState(part, "unwell", shown, f"{risk.setting} = {risk.needed}: nếu không · or else {risk.danger}")


async def _stages(cluster: Cluster) -> list[PartState]:
    until = time.monotonic() + _COORDINATOR_S
    while True:
        try:
            return [await _stage(cluster, stage, group) for stage, group in GROUPS.items()]
        except Unavailable:  # a new cluster has no coordinator of groups until somebody has asked for one
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.5)


async def _stage(cluster: Cluster, stage: str, group: str) -> PartState:
    behind = await lag(cluster, group, SOURCES if stage == "classify" else RESULTS)
    paused = await PauseFlag(cluster, group).read()
    part = f"độ trễ {stage} · lag"
    if paused is not None:
        return PartState(part, "unwell", f"{behind}; đã tự dừng · stopped itself: {paused}", "mocgioi deadletter resume")
    if behind > _MANY:
        return PartState(part, "unwell", str(behind), f"chạy thêm · start more: mocgioi worker {stage}")
    return PartState(part, "well", str(behind))
