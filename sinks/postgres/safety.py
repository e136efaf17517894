"""Settings of a PostgreSQL server under which events could be lost, or not be recorded at all."""

from typing import NamedTuple

from sqlalchemy import Engine, text

from sinks.postgres.engine import away_is_unavailable

_POWER_CUT = "mất điện làm hỏng cơ sở dữ liệu · a power cut corrupts the database"
_SAFE = {
    "fsync": (("on",), _POWER_CUT),
    "full_page_writes": (("on",), _POWER_CUT),
    "synchronous_commit": (
        ("on", "local", "remote_write", "remote_apply"),
        "mất điện làm mất sự kiện đã báo là đã ghi · a power cut loses events that were said to be recorded",
    ),
    "default_transaction_read_only": (("off",), "không ghi được gì · nothing can be recorded"),
}


class Unsafe(NamedTuple):
    """A setting that is not as the record needs it."""

    setting: str
    value: str
    needed: str
    danger: str
    """Vietnamese and English."""


def unsafe_settings(engine: Engine) -> list[Unsafe]:
    """The settings that must be changed, for this database and this user. Raises `Unavailable`."""
    with away_is_unavailable(), engine.connect() as connection:
        values = {setting: connection.execute(text("SELECT current_setting(:name)"), {"name": setting}).scalar_one() for setting in _SAFE}
    return [Unsafe(setting, values[setting], safe[0], danger) for setting, (safe, danger) in _SAFE.items() if values[setting] not in safe]
