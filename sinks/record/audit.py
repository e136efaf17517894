"""The audit: what somebody tried and may not do."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, insert

from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import audit


class AuditEntry(NamedTuple):
    """One act that was refused."""

    recorded_at: datetime
    actor: str
    """The device or user who tried."""
    action: str
    """The code of the problem that refused it."""
    object: str | None = None
    """What it was tried on, where that may be repeated."""
    detail: str | None = None


_LONGEST = 200


def typed(text: str) -> str:
    """What anybody may have typed, as an entry can hold it: composed, without NUL, and short."""
    return unicodedata.normalize("NFC", text)[:_LONGEST].replace("\0", "")


def append(engine: Engine, entries: Sequence[AuditEntry]) -> None:
    """Append entries. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(insert(audit), [entry._asdict() for entry in entries])
