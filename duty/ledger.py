"""The ledger: which notification went to whom, and when. Rows are appended and never changed.

The notifier writes what it posts to Alertmanager (`posted`, `failed`, and `resolved` once an alert has ended), and Alertmanager's webhook what was
sent to each receiver (`firing`, `resolved`). An incident's alert goes by its class (`flash`, `deadline` …), any other by its name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Engine, func, insert, select

from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import notification

ALERTMANAGER = "alertmanager"
"""The receiver of what the notifier posts."""
_DELIVERIES = 0x6D6F63_4E6F
"""The advisory lock under which a delivery is compared with those before it."""


class Notice(NamedTuple):
    """The content of a notification."""

    subject: str | None
    """The incident; None for the alert of a part that fails."""
    alert: str
    detail: str
    """Of the notifier's alerts, the level and the address; of any other, the alert's summary."""


def notice_of(labels: Mapping[str, str], summary: str = "") -> Notice:
    """The notice of an alert with these labels. Only the notifier's alerts have a level."""
    alert, level, address = labels["alertname"], labels.get("level"), labels.get("to")
    subject = labels.get("incident")
    if subject is None:
        return Notice(None, alert, summary)
    return Notice(subject, labels.get("class", alert), f"cấp {level}{f' · {address}' if address else ''}" if level else summary)


class Entry(NamedTuple):
    """A row of the ledger."""

    notice: Notice
    receiver: str
    status: Literal["posted", "failed", "firing", "resolved"]
    reason: str = ""
    """Why it failed."""


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Append entries, with the record's time."""
    if entries:
        at = stamped(connection)
        connection.execute(insert(notification), [_row(entry, at) for entry in entries])


def append_delivery(engine: Engine, entries: Iterable[Entry], *, again_within: timedelta) -> int:
    """Append what Alertmanager delivered, apart from what is there already since so short a time. Returns how many entries are new.

    Raises `Unavailable`. Alertmanager gives a delivery no number: one that it sends again, because our answer was lost, differs from the next
    reminder by the time between them only.
    """
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_DELIVERIES)))
        now = stamped(connection)
        newest = notification.select().where(notification.c.at > now - again_within)
        present = {(row.subject, row.alert, row.detail, row.receiver, row.status) for row in connection.execute(newest)}
        new = [entry for entry in dict.fromkeys(entries) if (*entry.notice, entry.receiver, entry.status) not in present]
        append(connection, new)
        return len(new)


def standing(connection: Connection) -> frozenset[Notice]:
    """What the notifier has posted and not ended."""
    of_notifier = notification.c.receiver == ALERTMANAGER, notification.c.status.in_(("posted", "resolved"))
    columns = (notification.c.subject, notification.c.alert, notification.c.detail)
    newest = select(func.max(notification.c.number)).where(*of_notifier).group_by(*columns)
    rows = connection.execute(select(*columns).where(notification.c.number.in_(newest), notification.c.status == "posted"))
    return frozenset(Notice(*row) for row in rows)


def _row(entry: Entry, at: datetime) -> dict[str, object]:
    subject, alert, detail = entry.notice
    detail = f"{detail}: {entry.reason}" if entry.reason else detail
    return {"subject": subject, "alert": alert, "receiver": entry.receiver, "status": entry.status, "detail": detail, "at": at}
