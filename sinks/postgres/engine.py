"""Connections to PostgreSQL: which of its errors mean that it is away, and which that a connection can no longer be used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine as Engine  # noqa: PLC0414  # for rooms that do not import sqlalchemy themselves
from sqlalchemy import ExceptionContext, Row, Select, create_engine, event, select
from sqlalchemy.exc import DBAPIError

from schemas.failures import USAGE, Failure
from schemas.records import Unavailable
from sinks.postgres.requirements import Unusable, refuse_unusable

CONNECT_TIMEOUT_S = 5


class UnreadableUrl(Failure):
    """The database's URL is not of a form that PostgreSQL's programs read."""

    code = "settings"
    exit_code = USAGE


def connect(url: str, *, pool_size: int = 5, application: str = "mocgioi") -> Engine:
    """An engine for a `postgresql://` URL of one host or several. Nothing is opened yet.

    Raises `UnreadableUrl`. What opens a connection raises `Unusable` for a database that cannot hold the record.
    """
    engine = create_engine(
        "postgresql+psycopg://",  # the URL is libpq's to read: SQLAlchemy knows only one host with a port
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        pool_pre_ping=False,  # a broken connection is noticed, discarded and the same asked again by whoever used it
        connect_args={"target_session_attrs": "primary"}  # a standby is behind: what it does not show yet would be missing in a report
        | _parts(url)
        | {
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application,
            "options": "-c timezone=UTC",
            "keepalives_idle": 20,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        },
    )
    event.listen(engine, "connect", refuse_unusable, insert=True)  # before SQLAlchemy itself asks anything
    event.listen(engine, "handle_error", _give_up)
    return engine


_TOO_LONG = ("25P03", "25P04")


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """Raise `Unavailable` for a lost connection and for a server that is shutting down, full or read-only. Our own mistakes pass unchanged.

    What our role may not do raises `Unusable`.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, InsufficientPrivilege):
            raise Unusable(
                f"{cause.diag.message_primary}: vai trò trong MOCGIOI_DATABASE_URL không được làm việc này, xem · the role of that URL may "
                "not do this, see deploy/runbooks/roles.md"
            ) from error
        if _away(cause) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise Unavailable("database", str(cause).strip()) from error
        raise


def all_rows(engine: Engine, query: Select[Any]) -> Sequence[Row[Any]]:
    """All rows of a query. Raises `Unavailable`."""
    with away_is_unavailable(), engine.connect() as connection:
        return connection.execute(query).all()


def ping(engine: Engine) -> None:
    """Raise `Unavailable` unless the database answers."""
    all_rows(engine, select(1))


def is_spoilt(error: BaseException | None) -> bool:
    """Whether an error means that its connection, and all that were opened before it, must be discarded.

    Class 08 and 57P: the connection or its server ended. 25006: the server became read-only, because another one took over; a connection
    kept would stay with the old one for ever. 25P03, 25P04: the server ended a transaction that took too long, and its session with it.
    """
    state = getattr(error, "sqlstate", None)
    if state is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] == "08" or state[:3] == "57P" or state in ("25006", *_TOO_LONG)


def _give_up(context: ExceptionContext) -> None:
    """Let SQLAlchemy discard such a connection, and all in its pool that are as old."""
    if is_spoilt(context.original_exception):
        context.is_disconnect = True


def _away(error: BaseException | None) -> bool:
    # Class 57: shut down or cancelled, 53: full, 58: its disk fails, 40: deadlock, 55P03: lock timeout. One that takes too long is our own fault.
    state = getattr(error, "sqlstate", None)
    if state in _TOO_LONG:
        return False
    return is_spoilt(error) or (isinstance(state, str) and (state[:2] in ("40", "53", "57", "58") or state == "55P03"))


def _parts(url: str) -> dict[str, Any]:
    """The parts of a URL as libpq reads it. An error quotes nothing of the URL: what looks like host or port may be part of a password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {"port": "unread"}
    names = f"{parts.get('host', '')}{parts.get('dbname', '')}"
    if "@" in names or (not str(parts.get("port", "")).replace(",", "0").isdecimal() and "port" in parts):
        raise UnreadableUrl(
            "địa chỉ cơ sở dữ liệu không đọc được, cần dạng · the database's URL cannot be read, it needs the form "
            "postgresql://user:password@host:5432/database; @ : / ? trong mật khẩu viết là · within the password are written %40 %3A %2F %3F"
        )
    return parts
