"""What the record needs of a PostgreSQL database: what it refuses to work with, and settings under which it could lose what it recorded."""

from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine, text

from schemas.failures import UNREACHABLE, Failure

LEAST_VERSION = 15
"""The first that knows `NULLS NOT DISTINCT`."""
_SETTINGS = {
    "fsync": (("on",), "mất điện làm hỏng cơ sở dữ liệu · a power cut corrupts the database"),
    "full_page_writes": (("on",), "mất điện làm hỏng cơ sở dữ liệu · a power cut corrupts the database"),
    "synchronous_commit": (
        ("on", "local", "remote_write", "remote_apply"),
        "mất điện làm mất sự kiện đã báo là đã ghi · a power cut loses events that were said to be recorded",
    ),
    "default_transaction_read_only": (("off",), "không ghi được gì · nothing can be recorded"),
}


class Unusable(Failure):
    """The database cannot hold the record as it is. The sentence, Vietnamese and English, says what to do.

    Neither the input nor the command line is wrong, and waiting does not help: to whoever called, a service is not usable.
    """

    code = "database"
    exit_code = UNREACHABLE


class Unsafe(NamedTuple):
    """A setting that is not as the record needs it."""

    setting: str
    value: str
    needed: str
    danger: str
    """Vietnamese and English."""


def refuse_unusable(session: "psycopg.Connection[Any]", _: object = None) -> None:
    """Close a new connection to a database in another encoding than UTF-8, or of a server that is too old. Raises `Unusable`."""
    why = unusable(session.info.server_version // 10000, session.info.parameter_status("server_encoding") or "", session.info.dbname)
    if why is not None:
        session.close()
        raise Unusable(why)


def unusable(version: int, encoding: str, name: str) -> str | None:
    """Why a database cannot be used and what to do, or None if it can. The server reports both values with each connection."""
    if version < LEAST_VERSION:
        return (
            f"PostgreSQL {version} cũ quá, cần {LEAST_VERSION} trở lên · PostgreSQL {version} is too old, version {LEAST_VERSION} or newer "
            "is needed"
        )
    if encoding != "UTF8":  # tiếng Việt has no other, and IS NORMALIZED works in no other
        create = "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C'"
        return (
            f"cơ sở dữ liệu {name} dùng bảng mã {encoding}, cần UTF8: tạo cái khác bằng `{create}` · "
            f"database {name} is encoded in {encoding}, it must be UTF8: make another one by that statement"
        )
    return None


def unsafe_settings(engine: Engine) -> list[Unsafe]:
    """The server's settings under which the record could lose what it recorded, or not record at all."""
    with engine.connect() as connection:
        values = {name: connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one() for name in _SETTINGS}
    return [Unsafe(name, values[name], safe[0], danger) for name, (safe, danger) in _SETTINGS.items() if values[name] not in safe]
