"""Alertmanager's API, version 2: the alerts that stand are posted again and again, and one that ends once more with its end."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import httpx

from duty.planning import Alert

_TIMEOUT_S = 5.0
_LONGEST_ANSWER = 300


class AlertmanagerAway(Exception):
    """Alertmanager does not answer, or refuses what it is sent."""


class Alertmanager:
    """One Alertmanager, called over HTTP."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT_S)

    def post(self, standing: Iterable[Alert], ended: Iterable[Alert], now: datetime, *, stand_for: timedelta) -> None:
        """Post the alerts that stand, which end by themselves after `stand_for` without another post, and those that end now.

        Raises `AlertmanagerAway`.
        """
        alerts = [_as_json(alert, now + stand_for) for alert in standing] + [_as_json(alert, max(now, alert.since)) for alert in ended]
        try:
            answer = self._http.post("/api/v2/alerts", json=alerts)
        except httpx.HTTPError as error:
            raise AlertmanagerAway(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise AlertmanagerAway(f"{answer.status_code}: {answer.text[:_LONGEST_ANSWER]}")

    def close(self) -> None:
        """Close its connections."""
        self._http.close()


def _as_json(alert: Alert, end: datetime) -> dict[str, Any]:
    document = {"labels": dict(alert.labels), "annotations": dict(alert.annotations)}
    times = {"startsAt": alert.since.isoformat(), "endsAt": end.isoformat()}
    link = alert.annotations.get("link", "")
    return document | times | ({"generatorURL": link} if link.startswith("http") else {})
