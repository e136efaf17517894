"""COPY BINARY into a table: the quickest way into PostgreSQL.

psycopg writes the binary form of each value. JSON and arrays come as their binary form already and pass unchanged, under the type `bytea`.
"""

import functools
import struct
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from psycopg import Connection, Cursor
from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, Column, DateTime, Integer, Numeric, SmallInteger, Table, Text
from sqlalchemy.dialects import postgresql

Session = Connection[tuple[Any, ...]]
Statements = Cursor[tuple[Any, ...]]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_TEXT, _INT2 = 25, 21
"""Type oids of PostgreSQL."""


class Target:
    """A table that rows are copied into: a real one, or a temporary one that is emptied at every commit."""

    def __init__(self, name: str, columns: Iterable[Column[Any]]) -> None:
        chosen = {column.name: column for column in columns}
        self.name = name
        self._values_of = itemgetter(*chosen)
        self._types = [_wire_type(column) for column in chosen.values()]
        declared = ", ".join(f'"{column.name}" {column.type.compile(dialect=_DIALECT)}' for column in chosen.values())
        # Values above 2 kB would be compressed, which is not worth while for the length of a transaction.
        plain = (f'ALTER "{column.name}" SET STORAGE EXTERNAL' for column in chosen.values() if isinstance(column.type, JSON))
        self.create_temporary = (
            f"CREATE TEMPORARY TABLE {name} ({declared}) WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS",
            f"ALTER TABLE {name} {', '.join(plain)}",
        )
        self._copy = f"COPY {name} ({quoted(chosen)}) FROM STDIN (FORMAT BINARY)"

    def fill(self, cursor: Statements, rows: Iterable[Mapping[str, Any]]) -> None:
        """Copy rows, each a value by the name of its column. Other names in a row are passed over."""
        values_of = self._values_of
        with cursor.copy(self._copy) as copy:
            copy.set_types(self._types)
            for row in rows:
                copy.write_row(values_of(row))


def quoted(columns: Iterable[str]) -> str:
    """A list of column names for SQL."""
    return ", ".join(f'"{column}"' for column in columns)


def names(table: Table) -> tuple[str, ...]:
    """The columns of a table, in its order."""
    return tuple(column.name for column in table.columns)


@functools.lru_cache(maxsize=8192)
def text_array(items: tuple[str, ...]) -> bytes:
    """A `text[]` in binary form."""
    return _array(_TEXT, [item.encode() for item in items])


@functools.lru_cache(maxsize=256)
def small_array(items: tuple[int, ...]) -> bytes:
    """A `smallint[]` in binary form."""
    return _array(_INT2, [struct.pack("!h", item) for item in items])


def _array(oid: int, items: list[bytes]) -> bytes:
    if not items:
        return struct.pack("!iii", 0, 0, oid)
    return struct.pack("!iiiii", 1, 0, oid, len(items), 1) + b"".join(struct.pack("!i", len(item)) + item for item in items)


# The narrower type first: a BigInteger is an Integer too.
_WIRE_TYPES = (
    ((JSON, ARRAY), "bytea"),
    (DateTime, "timestamptz"),
    (BigInteger, "int8"),
    (SmallInteger, "int2"),
    (Integer, "int4"),
    (Boolean, "bool"),
    (Numeric, "numeric"),
    (Text, "text"),
)


def _wire_type(column: Column[Any]) -> str:
    return next(name for kinds, name in _WIRE_TYPES if isinstance(column.type, kinds))
