"""The nightly recount: whether the breaches that the gauges show are those that the events make.

The gauge counts the states that record derived when events came in. The recount folds and judges this year's incidents again from their events,
as a report's audit does, and counts those. Where the two differ, a state was changed or lost behind the program's back, or the program derived
it otherwise than it does now. Counters of Prometheus play no part: they are of one process and begin again with it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, text

from border.vietnam import HANOI
from mocgioi.service.record_watch import RecordWatch
from reports.audit.rebuilding import rebuilt_incidents
from reports.figures.counted import counts, occurred_start
from schemas.codebook import Outcome
from sinks.metrics import Metrics
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.session import statements
from sinks.query.gauges import Breaches, breaches_of, counted, year_of

log = structlog.get_logger(__name__)

RECOUNT = 0x6D6F63_5263
"""The advisory lock: one process counts at a time."""
_AT_HOUR = 3
_AGAIN_S = 300.0
"""After a recount that failed."""
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""As of this moment the record is what the snapshot shows."""


class Recount(RecordWatch):
    """Recounts soon after its start, since a gauge begins at 0, and every night."""

    watch = "recount"

    def __init__(self, url: str, metrics: Metrics, *, first_s: float, **options: Any) -> None:
        super().__init__(url, metrics, every_s=_AGAIN_S, first_s=first_s, **options)

    def look(self, engine: Engine) -> None:
        """Recount. Where another process does at this moment, its gauge says what it finds, and ours forgets what we found before."""
        now = datetime.now(UTC)
        difference = difference_of(engine, now)
        self._metrics.set("border_recount_difference", difference)
        if difference is not None:
            self._metrics.set("border_recount_timestamp_seconds", now)

    def next_s(self) -> float:
        """The seconds until the next night."""
        return until_night(datetime.now(HANOI)).total_seconds()


def until_night(now: datetime) -> timedelta:
    """From now until the next time it is three o'clock in Vietnam."""
    then = now.replace(hour=_AT_HOUR, minute=0, second=0, microsecond=0)
    return (then if then > now else then + timedelta(days=1)) - now


def difference_of(engine: Engine, now: datetime) -> int | None:
    """By how many breaches of this year the record's states and its events differ, province by province and side by side.

    None: another process counts at this moment. Raises `Unavailable`.
    """
    year = year_of(now)
    with away_is_unavailable(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": RECOUNT}).scalar_one():
            return None
        with statements(connection) as cursor:
            shown = breaches_of(cursor, year)
        rebuilt, _ = rebuilt_incidents(connection, year.start, year.end, _EVER)
    states = [incident.state for incident in rebuilt]
    breaches = [
        state for state in states if counts(state) and state.outcome is Outcome.BREACH and year.start <= occurred_start(state) < year.end
    ]
    made = counted((state.province, state.side, 1) for state in breaches)
    if difference := _difference(shown, made):
        log.error("recount_differs", shown=_named(shown - made), made=_named(made - shown))
    return difference


def _difference(a: Breaches, b: Breaches) -> int:
    return (a - b).total() + (b - a).total()


def _named(breaches: Breaches) -> dict[str, int]:
    return {f"{province} {side}": count for (province, side), count in sorted(breaches.items())}
