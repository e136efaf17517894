"""The database: whether it is there, safe and migrated, and what in it waits for a person."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

from border.vietnam import HANOI
from mocgioi.service.checkup.part_state import PartState, first_line
from mocgioi.service.database import server_url
from mocgioi.service.settings import Settings, masked
from schemas.failures import Failure
from schemas.records import Unavailable
from sinks.postgres.clock import ahead_of_server
from sinks.postgres.engine import connect
from sinks.postgres.roles import WORKER, Role, connected_as
from sinks.postgres.safety import unsafe_settings
from sinks.postgres.upgrade import DatabaseNewer, current, head
from sinks.query.backlog import backlog
from sinks.record.report_runs import LastRuns, last_runs

_CLOCK_WAS_AHEAD = timedelta(minutes=1)


def look_at_database(settings: Settings) -> Iterator[PartState]:
    """Check the server, its settings, the tables and what waits in them."""
    part = "PostgreSQL"
    with ExitStack() as stack:
        try:
            url = stack.enter_context(server_url(settings))
            revision = current(url)
        except Unavailable as away:
            yield PartState(
                part, "unreachable", first_line(away), "kiểm tra MOCGIOI_DATABASE_URL và máy chủ · check the URL and the server"
            )
            return
        except DatabaseNewer as newer:
            yield PartState("bảng · tables", "unreachable", first_line(newer), "cài chương trình mới hơn · install the newer program")
            return
        except Failure as problem:
            yield PartState(part, "unreachable", first_line(problem), "xem thông báo bên cạnh · do as it says")
            return
        yield PartState(part, "well", masked(url) if settings.database_url else "máy chủ kèm theo · embedded server")
        engine = connect(url)
        stack.callback(engine.dispose)
        for unsafe in unsafe_settings(engine):
            remedy = f"{unsafe.setting} = {unsafe.needed}: nếu không · or else {unsafe.danger}"
            yield PartState("thiết lập PostgreSQL · PostgreSQL settings", "unwell", f"{unsafe.setting} = {unsafe.value}", remedy)
        if revision != head() and settings.database_url is None:
            yield PartState("bảng · tables", "well", "tự tạo khi dùng lần đầu · made when first used")
            return
        if revision != head():
            yield PartState("bảng · tables", "unwell", f"{revision or 'chưa có · none'}, cần {head()}", "mocgioi db upgrade")
            return
        yield PartState("bảng · tables", "well", revision or "")
        if settings.database_url is not None:
            yield _role(connected_as(engine), is_worker=settings.kafka is not None)
        yield _clock(ahead_of_server(engine))
        waiting, job = backlog(engine), last_runs(engine)
        yield _open("thư chết · dead letters", waiting.dead_letters, "mocgioi deadletter list")
        yield _open("mâu thuẫn · conflicts", waiting.conflicts, "mocgioi incidents conflicts")
        yield _open("chưa phân loại lại được · judge failures", waiting.judge_failed, "mocgioi incidents list --judge-failed")
        yield _reports(job)


def _role(role: Role, *, is_worker: bool) -> PartState:
    """The role of the URL. Only who migrates should own the tables; workers have Kafka, and must not."""
    part = "vai trò PostgreSQL · PostgreSQL role"
    if not role.owns_record:
        return PartState(part, "well", role.name)
    shown = f"{role.name}: sửa được cả bản ghi gốc · may rewrite the record"
    remedy = f"tiến trình và người dùng cần vai trò khác · workers and people need another: {WORKER}, deploy/runbooks/roles.md"
    return PartState(part, "unwell" if is_worker else "well", shown, remedy if is_worker else "")


def _clock(ahead: timedelta) -> PartState:
    part = "đồng hồ của hồ sơ · the record's clock"
    if ahead < _CLOCK_WAS_AHEAD:
        return PartState(part, "well", "theo máy chủ · the server's")
    shown = f"đi trước máy chủ · ahead of the server by {ahead}"
    return PartState(part, "unwell", shown, "chỉnh giờ máy chủ PostgreSQL (NTP) · set the clock of PostgreSQL's server right (NTP)")


def _open(part: str, count: int, remedy: str) -> PartState:
    return PartState(part, "unwell" if count else "well", str(count), remedy if count else "")


def _reports(job: LastRuns | None) -> PartState:
    part = "báo cáo định kỳ · periodic reports"
    if job is None:
        return PartState(part, "unused", "chưa chạy lần nào · never run: mocgioi report run-due")
    when = f"{job.last.astimezone(HANOI):%d/%m/%Y %H:%M}"
    return PartState(part, "well", when) if job.ok else PartState(part, "unwell", f"{when}: {job.reason}", "mocgioi report run-due")
