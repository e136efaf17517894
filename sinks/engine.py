"""Connections to PostgreSQL, and which of its errors mean that it is away."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Engine as Engine  # noqa: PLC0414  # for rooms that do not import sqlalchemy themselves
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError

from schemas.records import Unavailable

CONNECT_TIMEOUT_S = 5


def connect(url: str, *, pool_size: int = 5, application: str = "mocgioi") -> Engine:
    """An engine for a `postgresql://` URL. Nothing is opened yet."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        pool_pre_ping=False,  # a broken connection is noticed, discarded and the same asked again by whoever used it
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application,
            "options": "-c timezone=UTC",
            "keepalives_idle": 20,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        },
    )


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """Turn a lost connection, a server that is shutting down, full or read-only into `Unavailable`; what is our own mistake passes."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or _away(error.orig):
            raise Unavailable("database", str(error.orig).strip()) from error
        raise
    except psycopg.Error as error:
        if _away(error):
            raise Unavailable("database", str(error).strip()) from error
        raise


def _away(error: BaseException | None) -> bool:
    # Class 57: shut down or cancelled, 53: full, 40: deadlock; 25006: a standby not promoted yet, 55P03: lock timeout.
    state = getattr(error, "sqlstate", None)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and state is None:
        return True
    return isinstance(state, str) and (state[:2] in ("08", "40", "53", "57") or state in ("25006", "25P03", "55P03"))
