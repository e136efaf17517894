"""What the record requires of a PostgreSQL database."""

from typing import Any

import psycopg

from schemas.failures import UNREACHABLE, Failure

LEAST_VERSION = 15
"""The first version with `NULLS NOT DISTINCT`."""


class Unusable(Failure):
    """The database cannot hold the record as it is. The message, Vietnamese and English, says what to do.

    Neither the input nor the command line is wrong, and waiting does not help: the exit status says that a service is not usable.
    """

    code = "database"
    exit_code = UNREACHABLE


def refuse_unusable(session: psycopg.Connection[Any], _: object = None) -> None:
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
    if encoding != "UTF8":  # IS NORMALIZED, which the tables ask of their keys, works in no other
        create = "CREATE DATABASE mocgioi ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C'"
        return (
            f"cơ sở dữ liệu {name} dùng bảng mã {encoding}, cần UTF8: tạo cái khác bằng `{create}` · "
            f"database {name} is encoded in {encoding}, it must be UTF8: make another one by that statement"
        )
    return None
