"""One at a time: who acts on an incident holds it while the act is checked, sent and recorded."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from sinks.postgres.engine import away_is_unavailable

_LOCK = 0x6D6F6344
"""First key of the advisory lock; the second is of the incident."""


@contextmanager
def alone_with(engine: Engine, subject: str) -> Iterator[None]:
    """Wait until nobody else acts on an incident, and keep others out for the length of the context. Raises `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key, hashtext(:subject))"), {"key": _LOCK, "subject": subject})
        yield
