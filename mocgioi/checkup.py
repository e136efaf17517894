"""What `doctor` looks at, one function a part."""

import asyncio
import os
import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from mocgioi.cluster import GROUPS, cluster_of
from mocgioi.database import server_url
from mocgioi.settings import Settings, masked
from schemas.records import Unavailable
from schemas.topics import DEVELOPMENT, PRODUCTION, RESULTS, SOURCES, TOPICS
from schemas.vietnam import HANOI
from sinks.binaries import ServerProblem
from sinks.engine import connect
from sinks.read import backlog
from sinks.report_runs import LastRuns, last_runs
from sinks.upgrade import current, head
from streams import topics
from streams.kafka import Cluster
from streams.lag import lag
from streams.pause import PauseFlag

_COORDINATOR_S = 8.0
_MANY = 10_000
"""Records behind which a stage is behind by more than a moment."""


@dataclass(frozen=True, slots=True)
class Found:
    """How one part is."""

    part: str
    state: Literal["well", "unwell", "unreachable", "unused"]
    found: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Found]:
    """Look at every part, in the order in which they depend on each other."""
    yield Found("Python", "well", platform.python_version())
    yield _home(settings)
    yield from _surely("PostgreSQL", _database(settings))
    yield from _surely("Kafka", _kafka(settings))


def _surely(part: str, found: Iterator[Found]) -> Iterator[Found]:
    """What was found, and as a finding of its own what nobody foresaw: a check-up that breaks off helps nobody."""
    try:
        yield from found
    except Exception as error:  # noqa: BLE001  # whatever it is, the other parts are still to be looked at
        yield Found(
            part, "unwell", f"{type(error).__name__}: {_line(error)}", "xem cấu hình của phần này · look at this part's configuration"
        )


def _home(settings: Settings) -> Found:
    existing = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    if os.access(existing, os.W_OK):
        return Found("thư mục dữ liệu · data folder", "well", str(settings.home))
    remedy = "đặt MOCGIOI_HOME vào thư mục ghi được · set MOCGIOI_HOME to a folder that can be written"
    return Found("thư mục dữ liệu · data folder", "unwell", f"{existing}: không ghi được · not writable", remedy)


def _database(settings: Settings) -> Iterator[Found]:
    part = "PostgreSQL"
    with ExitStack() as stack:
        try:
            url = stack.enter_context(server_url(settings))
            revision = current(url)
        except Unavailable as away:
            yield Found(part, "unreachable", _line(away), "kiểm tra MOCGIOI_DATABASE_URL và máy chủ · check the URL and the server")
            return
        except ServerProblem as problem:
            yield Found(part, "unreachable", _line(problem), "xem thông báo bên cạnh · do as it says")
            return
        yield Found(part, "well", masked(url) if settings.database_url else "máy chủ kèm theo · embedded server")
        if revision != head() and settings.database_url is None:
            yield Found("bảng · tables", "well", "tự tạo khi dùng lần đầu · made when first used")
            return
        if revision != head():
            yield Found("bảng · tables", "unwell", f"{revision or 'chưa có · none'}, cần {head()}", "mocgioi db upgrade")
            return
        yield Found("bảng · tables", "well", revision or "")
        engine = connect(url)
        waiting, job = backlog(engine), last_runs(engine)
        engine.dispose()
        yield _open("thư chết · dead letters", waiting.dead_letters, "mocgioi deadletter list")
        yield _open("mâu thuẫn · conflicts", waiting.conflicts, "mocgioi incidents conflicts")
        yield _open("chưa phân loại lại được · judge failures", waiting.judge_failed, "mocgioi incidents list --judge-failed")
        yield _reports(job)


def _open(part: str, count: int, remedy: str) -> Found:
    return Found(part, "unwell" if count else "well", str(count), remedy if count else "")


def _reports(job: LastRuns | None) -> Found:
    part = "báo cáo định kỳ · periodic reports"
    if job is None:
        return Found(part, "unused", "chưa chạy lần nào · never run: mocgioi report run-due")
    when = f"{job.last.astimezone(HANOI):%d/%m/%Y %H:%M}"
    return Found(part, "well", when) if job.ok else Found(part, "unwell", f"{when}: {job.reason}", "mocgioi report run-due")


def _kafka(settings: Settings) -> Iterator[Found]:
    if settings.kafka is None:
        yield Found("Kafka", "unused", "MOCGIOI_KAFKA chưa đặt: chạy tại chỗ · not set: embedded")
        return
    cluster = cluster_of(settings)
    try:
        differences = asyncio.run(topics.check(cluster, PRODUCTION if settings.topics_replicated else DEVELOPMENT))
    except Unavailable as away:
        remedy = "kiểm tra địa chỉ, chứng chỉ, mật khẩu · check address, certificate or password"
        yield Found("Kafka", "unreachable", _line(away), remedy)
        return
    yield Found("Kafka", "well", cluster.bootstrap)
    missing = any(difference.setting == "topic" for difference in differences)
    for difference in differences:
        remedy = "mocgioi topics create" if difference.setting == "topic" else "sửa bằng công cụ Kafka · change it with Kafka's own tools"
        yield Found("topic", "unwell", str(difference), remedy)
    if missing:
        return
    if not differences:
        yield Found("topic", "well", f"{len(TOPICS)}")
    yield from asyncio.run(_stages(cluster))


async def _stages(cluster: Cluster) -> list[Found]:
    until = time.monotonic() + _COORDINATOR_S
    while True:
        try:
            return [await _stage(cluster, stage, group) for stage, group in GROUPS.items()]
        except Unavailable:  # a new cluster has no coordinator of groups until somebody has asked for one
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.5)


async def _stage(cluster: Cluster, stage: str, group: str) -> Found:
    behind = await lag(cluster, group, SOURCES if stage == "classify" else RESULTS)
    paused = await PauseFlag(cluster, group).read()
    part = f"độ trễ {stage} · lag"
    if paused is not None:
        return Found(part, "unwell", f"{behind}; đã tự dừng · stopped itself: {paused}", "mocgioi deadletter resume")
    if behind > _MANY:
        return Found(part, "unwell", str(behind), f"chạy thêm · start more: mocgioi worker {stage}")
    return Found(part, "well", str(behind))


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
