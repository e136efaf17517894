"""Devices and their keys. A key is shown once, to whom it is issued; the record holds its SHA-256 only."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, exists, func, insert, select, text, update

from schemas.failures import Failure
from sinks.postgres.clock import stamped
from sinks.postgres.engine import all_rows, away_is_unavailable
from sinks.postgres.tables import conflict, dead_letter, device_key, event

PREFIX = "mgk_"
"""Of every key, so that one which leaks is recognised."""
_BYTES = 32
_LOCK = 0x6D6F63_4465
"""Key of the advisory lock of whoever names devices."""


class NoSuchDevice(Failure):
    """No device of this name has a key that stands."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that was issued just now."""

    source: str
    key: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the door knows it."""

    source: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A device, and its newest key."""

    source: str
    enrolled_at: datetime
    issued_at: datetime
    revoked_at: datetime | None


def digest(key: str) -> str:
    """What the record holds of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def add(engine: Engine, post: str) -> Issued:
    """Enrol a new device of a post, under the next number that nothing in the record bears. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        number = 1
        while _is_used(connection, source := f"/posts/{post}/d{number}"):
            number += 1
        return _issue(connection, source)


def rotate(engine: Engine, source: str) -> Issued:
    """Give a device another key; the one it had no longer opens. Raises `NoSuchDevice`, `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        _revoke(connection, source)
        return _issue(connection, source)


def revoke(engine: Engine, source: str) -> None:
    """Take a device's key away. Raises `NoSuchDevice`, `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        _revoke(connection, source)


def devices(engine: Engine) -> list[Device]:
    """All devices there ever were, by name. Raises `Unavailable`."""
    columns = device_key.c
    enrolled = func.min(columns.issued_at).over(partition_by=columns.source).label("enrolled_at")
    query = (
        select(columns.source, enrolled, columns.issued_at, columns.revoked_at)
        .distinct(columns.source)
        .order_by(columns.source, columns.issued_at.desc())
    )
    return [Device(row.source, row.enrolled_at, row.issued_at, row.revoked_at) for row in all_rows(engine, query)]


def find(engine: Engine, sha256: str) -> Key | None:
    """The key with this SHA-256, if there is one. Raises `Unavailable`."""
    rows = all_rows(engine, select(device_key.c.source, device_key.c.revoked_at).where(device_key.c.sha256 == sha256))
    return Key(rows[0].source, rows[0].revoked_at is not None) if rows else None


def keys(engine: Engine) -> Mapping[str, Key]:
    """Every key, by its SHA-256. Raises `Unavailable`."""
    query = select(device_key.c.sha256, device_key.c.source, device_key.c.revoked_at.is_not(None).label("is_revoked"))
    return {row.sha256: Key(row.source, row.is_revoked) for row in all_rows(engine, query)}


def _is_used(connection: Connection, source: str) -> bool:
    """Whether a device has this name, or had, or an event says that it is of such a one."""
    tables = (device_key, event, conflict, dead_letter)
    return any(connection.execute(select(exists().where(table.c.source == source))).scalar_one() for table in tables)


def _issue(connection: Connection, source: str) -> Issued:
    key = PREFIX + secrets.token_urlsafe(_BYTES)
    connection.execute(insert(device_key).values(sha256=digest(key), source=source, issued_at=stamped(connection)))
    return Issued(source, key)


def _revoke(connection: Connection, source: str) -> None:
    standing = update(device_key).where(device_key.c.source == source, device_key.c.revoked_at.is_(None))
    if not connection.execute(standing.values(revoked_at=stamped(connection))).rowcount:
        raise NoSuchDevice(f"{source}: không có thiết bị nào đang dùng tên này · no device in use has this name: mocgioi devices list")
