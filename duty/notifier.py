"""The notifier: posts the alerts that stand to Alertmanager, while it is the one that does.

What it has posted is in the ledger, so it may be killed at any moment and another goes on. One notifier at a time holds an advisory lock, by a
connection that the server ends when it is not used for a while: one that froze, or whose machine is gone, keeps the lock no longer.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import Connection, Engine, text

from duty import ledger
from duty.alertmanager import Alertmanager, AlertmanagerAway
from duty.candidates import candidates
from duty.ledger import ALERTMANAGER, Entry, Notice, notice_of
from duty.planning import Alert, PlanConfig, plan
from schemas.records import Unavailable
from sinks.metrics import Metrics
from sinks.postgres.engine import away_is_unavailable

log = structlog.get_logger(__name__)

_LOCK = 0x6D6F63_4E74
_IDLE_TIMEOUT = "SET idle_session_timeout = '30s'"
_REPEAT_S = 30.0
_STAND_FOR = timedelta(minutes=5)
"""Alertmanager takes an alert for ended that was not posted again for so long, since its notifier is gone."""


class Notifier:
    """Looks and posts at each `step`, from one thread at a time."""

    def __init__(
        self,
        engine: Engine,
        alertmanager: Alertmanager,
        metrics: Metrics,
        config: PlanConfig,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._alertmanager = alertmanager
        self._metrics = metrics
        self._config = config
        self._clock = clock
        self._seconds = seconds
        self._connection: Connection | None = None
        self._standing: frozenset[Notice] = frozenset()
        self._failed: frozenset[Notice] = frozenset()
        self._posted: Mapping[frozenset[tuple[str, str]], Alert] = {}
        self._posted_at = -_REPEAT_S
        self._away = ""

    def step(self) -> None:
        """Look once, and post what has changed, or everything where that was some time ago. What is away is waited for."""
        away = ""
        try:
            with away_is_unavailable():
                if self._holds_lock():
                    self._look()
                    self._metrics.set("border_notifier_last_success_timestamp_seconds", self._clock())
        except Unavailable as error:
            self.close()
            away = f"database: {error}"
        except AlertmanagerAway as error:
            away = f"alertmanager: {error}"
        self._metrics.set("border_notifier_active", self._connection is not None)
        if away != self._away:
            log.warning("notifier_waits", error=away) if away else log.info("notifier_goes_on")
        self._away = away

    def close(self) -> None:
        """Let another notifier go on."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # in the pool it would keep the lock
            connection.close()

    def _holds_lock(self) -> bool:
        """Whether this notifier has the lock, or gets it now."""
        if self._connection is not None:
            return True
        self._connection = connection = self._engine.connect()
        with connection.begin():
            is_locked = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one()
            if is_locked:
                connection.execute(text(_IDLE_TIMEOUT))
                self._standing = ledger.standing(connection)
        if not is_locked:
            self._connection = None
            connection.close()
            return False
        self._failed, self._posted, self._posted_at = frozenset(), {}, self._seconds() - _REPEAT_S
        log.info("notifier_active", standing=len(self._standing))
        return True

    def _look(self) -> None:
        assert self._connection is not None  # noqa: S101  # as the step has seen
        now, connection = self._clock(), self._connection
        with connection.begin():
            rows = candidates(connection, now, self._config, {notice.subject for notice in self._standing if notice.subject})
        begun = {(notice.subject, notice.alert) for notice in self._standing}
        alerts = {alert.identity: alert for alert in plan(rows, now, self._config, begun)}
        if alerts.keys() == self._posted.keys() and self._seconds() - self._posted_at < _REPEAT_S:
            return
        notices = frozenset(map(notice_of, (alert.labels for alert in alerts.values())))
        ended = [alert for identity, alert in self._posted.items() if identity not in alerts]
        try:
            self._alertmanager.post(alerts.values(), ended, now, stand_for=_STAND_FOR)
        except AlertmanagerAway as error:
            self._write("failed", notices - self._standing - self._failed, str(error))
            self._failed |= notices
            raise
        # An alert posted and not written is posted and written at the next step: the other way round it could be missing.
        self._write("posted", notices - self._standing)
        self._write("resolved", self._standing - notices)
        self._standing, self._failed = notices, frozenset()
        self._posted, self._posted_at = alerts, self._seconds()

    def _write(self, status: Literal["posted", "failed", "resolved"], notices: Collection[Notice], reason: str = "") -> None:
        assert self._connection is not None  # noqa: S101
        with self._connection.begin():
            ledger.append(self._connection, [Entry(notice, ALERTMANAGER, status, reason) for notice in sorted(notices)])
        if status != "resolved":
            self._metrics.notified(status, len(notices))
