"""Incidents as they are recorded and as they change, for who follows them on a screen."""

import time
from collections.abc import Iterator
from typing import Any

from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import Engine
from sinks.query.incidents import changed, incidents

_EVERY_S = 1.0


def changes(engine: Engine, *, every_s: float = _EVERY_S) -> Iterator[dict[str, Any]]:
    """Each incident that is new, that changes, or on which an officer acts, as a row of the list of incidents; for ever. Raises `Unavailable`.

    Every row stamped before `as_of_now` is committed by then, so that nothing is passed over.
    """
    seen = as_of_now(engine)
    while True:
        time.sleep(every_s)
        until = as_of_now(engine)
        if subjects := changed(engine, seen, until):
            yield from reversed(incidents(engine, subjects=subjects))
        seen = until
