"""Incidents as they are recorded and as they change, for who follows them on a screen."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import Engine
from sinks.query.incidents import changed, incidents

_EVERY_S = 1.0


def changes(engine: Engine, *, since: datetime | None = None, every_s: float = _EVERY_S) -> Iterator[dict[str, Any]]:
    """Each incident that is new, that changes, or on which an officer acts, as a row of the list of incidents; for ever. Raises `Unavailable`.

    `since`: the moment to begin at; now, where none is given. Every row stamped before `as_of_now` is committed by then, so that nothing is passed over.
    """
    until = as_of_now(engine)
    seen = until if since is None else since
    while True:
        if subjects := changed(engine, seen, until):
            yield from reversed(incidents(engine, subjects=subjects))
        time.sleep(every_s)
        seen, until = until, as_of_now(engine)
