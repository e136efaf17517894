"""The periodic job in the record: when it ran, what it built, what was issued. One run at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, text
from sqlalchemy.exc import DBAPIError

from schemas.failures import Failure
from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.tables import event, issued_report, report_built, report_run

_LOCK = 0x6D6F63_5255
_LOCKED = "55P03"

Key = tuple[str, str, str]
"""Unit, regime, period."""


class AlreadyRunning(Failure):
    """Another run of the periodic job has not ended within the time given."""

    code = "running"


@dataclass(frozen=True, slots=True)
class LastRuns:
    """The newest runs of the job."""

    last: datetime
    """When the newest run ended."""
    ok: bool
    """Whether it succeeded."""
    reason: str | None
    """Why it failed."""
    succeeded: datetime | None
    """When the newest successful run ended, if there ever was one."""


@dataclass(frozen=True, slots=True)
class Built:
    """The newest build of a report by the job."""

    built_at: datetime
    as_of: datetime
    data_sha256: str
    errors: int
    """Checks that were errors."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The newest version of a report that was issued."""

    version: int
    issued_at: datetime
    data_sha256: str


@contextmanager
def one_at_a_time(engine: Engine, *, patience_s: float = 30.0) -> Iterator[None]:
    """Keep every other run out for the length of the context. Waits up to `patience_s` for one that is going on.

    Raises `AlreadyRunning`, `Unavailable`.
    """
    outside = engine.execution_options(isolation_level="AUTOCOMMIT")  # no transaction stays open while reports are built
    with away_is_unavailable(), outside.connect() as connection:
        _lock(connection, patience_s)
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.execute(select(func.pg_advisory_unlock(_LOCK)))


def _lock(connection: Connection, patience_s: float) -> None:
    connection.execute(text(f"SET lock_timeout = '{round(patience_s * 1000)}ms'"))
    try:
        connection.execute(select(func.pg_advisory_lock(_LOCK)))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCKED:
            raise
        raise AlreadyRunning(
            f"một lần chạy khác chưa xong sau {patience_s:g} giây · another run has not ended within {patience_s:g} s"
        ) from error
    finally:
        if not connection.invalidated:
            connection.execute(text("RESET lock_timeout"))


def record_began(engine: Engine) -> datetime | None:
    """When the first event was recorded, if there is one. Raises `Unavailable`."""
    moment: datetime | None = all_rows(engine, select(func.min(event.c.recorded_at)))[0][0]
    return moment


def newest_built(engine: Engine) -> dict[Key, Built]:
    """The newest build of each report by the job. Raises `Unavailable`."""
    query = (
        select(report_built)
        .prefix_with(text("DISTINCT ON (unit, regime, period)"))
        .order_by(report_built.c.unit, report_built.c.regime, report_built.c.period, report_built.c.built_at.desc())
    )
    return {_key(row): Built(row.built_at, row.as_of, row.data_sha256, row.errors) for row in all_rows(engine, query)}


def newest_issued(engine: Engine) -> dict[Key, Issued]:
    """The newest version of each report that was issued. Raises `Unavailable`."""
    issued = issued_report.c
    query = (
        select(issued.unit, issued.regime, issued.period, issued.version, issued.issued_at, issued.data_sha256)
        .prefix_with(text("DISTINCT ON (unit, regime, period)"))
        .order_by(issued.unit, issued.regime, issued.period, issued.version.desc())
    )
    return {_key(row): Issued(row.version, row.issued_at, row.data_sha256) for row in all_rows(engine, query)}


def remember_built(engine: Engine, key: Key, *, as_of: datetime, data_sha256: str, errors: int) -> None:
    """Note that a report was built, now by the database's clock. Raises `Unavailable`."""
    unit, regime, period = key
    row = {"unit": unit, "regime": regime, "period": period, "as_of": as_of, "data_sha256": data_sha256, "errors": errors}
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(report_built.insert().values(**row, built_at=func.clock_timestamp()))


def remember_run(engine: Engine, *, started_at: datetime, built: int, reason: str | None) -> None:
    """Note that a run ended, now by the database's clock, and the reason where it failed. Raises `Unavailable`."""
    row = {"started_at": started_at, "ok": reason is None, "built": built, "reason": reason}
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(report_run.insert().values(**row, ended_at=func.clock_timestamp()))


def last_runs(engine: Engine) -> LastRuns | None:
    """The newest runs; None while the job has never run. Raises `Unavailable`."""
    succeeded = select(func.max(report_run.c.ended_at)).where(report_run.c.ok).scalar_subquery()
    newest = select(report_run.c.ended_at, report_run.c.ok, report_run.c.reason, succeeded.label("succeeded"))
    rows = all_rows(engine, newest.order_by(report_run.c.number.desc()).limit(1))
    return LastRuns(rows[0].ended_at, rows[0].ok, rows[0].reason, rows[0].succeeded) if rows else None


def _key(row: Row[Any]) -> Key:
    return row.unit, row.regime, row.period
