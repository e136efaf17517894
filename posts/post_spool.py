"""The spool of a post: its events stay after they are sent, with what the centre said of each.

So that `status` can show every event, and `update` and `retract` the device's own incidents.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from border.vietnam import HANOI
from posts import mint
from posts.device import Device
from posts.mint import NewEvent
from posts.receipts import Receipt, ReceiptPage, standing
from posts.spool import Spool, SpoolEntry, SpoolRow
from schemas.events import AnyEvent, Envelope
from schemas.failures import Failure

PATIENCE_S = 5.0
"""How long a command waits for another one that writes."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS minted (row INTEGER PRIMARY KEY, source TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL,
    subject TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX IF NOT EXISTS minted_sequence ON minted (source, sequence)",
    "CREATE INDEX IF NOT EXISTS minted_subject ON minted (subject, time)",
    """CREATE TABLE IF NOT EXISTS receipt (source TEXT NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (source, sequence, id, status)) STRICT, WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS contact (source TEXT PRIMARY KEY, at INTEGER NOT NULL, skew_s REAL, copied TEXT) STRICT",
)
_INDEX = "INSERT INTO minted VALUES (?, ?, ?, ?, ?, ?, ?)"


class Copied(Failure):
    """The spool was restored from a backup or copied to another machine: its numbers would be given twice."""

    code = "device_copied"


@dataclass(frozen=True, slots=True)
class EventState:
    """An event of this machine and how far it came."""

    row: int
    source: str
    sequence: int
    id: str
    subject: str
    type: str
    time: datetime
    status: str
    """`waiting`, `sent`, or what its receipt says."""
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Contact:
    """The last answer of the centre."""

    at: datetime
    skew_s: float | None
    """How far this machine's clock is ahead of the centre's."""


class PostSpool(Spool):
    """`post.db`. Its tables beside the spool's can be made again: the index from the events, the receipts by asking the centre."""

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(path, patience_s=patience_s)
        with self._transaction():
            for statement in _TABLES:
                self._ask(statement)
        self._index_the_rest()

    def mint(self, source: str, events: Iterable[NewEvent]) -> list[AnyEvent]:
        """Write new events of a device, all or none. Raises `InvalidEvent` and `SpoolProblem`; then nothing is written and no number taken."""
        return mint.mint(self, source, events, last_time=self.last_time)

    def last_time(self, subject: str) -> datetime | None:
        """The latest `time` of an event of a subject here.

        One that the centre refused is none: minted with the clock in 2030, it would draw every later event of its gate or post after it.
        """
        query = """SELECT max(time) FROM minted WHERE subject = ? AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.source = minted.source
            AND receipt.sequence = minted.sequence AND receipt.id = minted.id AND receipt.status = 'refused')"""
        ((latest,),) = self._ask(query, subject)
        return None if latest is None else _moment(latest)

    def events_of(self, subject: str) -> list[SpoolRow]:
        """The events of a subject, in the order in which they were minted."""
        rows = [row for (row,) in self._ask("SELECT row FROM minted WHERE subject = ? ORDER BY row", subject)]
        return [event for row in rows for event in self.read(row, 1) if event.offset == row]

    def recent_incidents(self, limit: int) -> list[str]:
        """The incidents of which this machine spoke last, the latest first."""
        query = "SELECT subject FROM minted WHERE type GLOB 'vn.mocgioi.incident.*' GROUP BY subject ORDER BY max(row) DESC LIMIT ?"
        return [subject for (subject,) in self._ask(query, limit)]

    def subjects_since(self, types: str, moment: datetime) -> list[str]:
        """The subjects of events of these types (`incident.*`) that were minted since a moment."""
        query = "SELECT DISTINCT subject FROM minted WHERE type GLOB 'vn.mocgioi.' || ? AND time >= ?"
        return [subject for (subject,) in self._ask(query, types, round(moment.timestamp() * 1000))]

    def states(self, *, limit: int = -1) -> list[EventState]:
        """The events and how far each came, the newest first."""
        return self._states(self._ask("SELECT * FROM minted ORDER BY row DESC LIMIT ?", limit))

    def state_of(self, source: str, sequence: int) -> EventState:
        """How far an event of this machine came."""
        (state,) = self._states(self._ask("SELECT * FROM minted WHERE source = ? AND sequence = ?", source, sequence))
        return state

    def _states(self, minted: Sequence[tuple[Any, ...]]) -> list[EventState]:
        lowest: dict[str, int] = {}
        for _, source, sequence, *_ in minted:
            lowest[source] = min(sequence, lowest.get(source, sequence))
        receipts: dict[tuple[str, int, str], list[Receipt]] = {}
        for source, least in lowest.items():
            query = "SELECT sequence, id, body FROM receipt WHERE source = ? AND sequence >= ?"
            for sequence, event_id, body in self._ask(query, source, least):
                receipts.setdefault((source, sequence, event_id), []).append(_RECEIPT.decode(body))
        sent = self.sent
        states = []
        for row, source, sequence, event_id, subject, event_type, at in minted:
            of_event = receipts.get((source, sequence, event_id))
            receipt = standing(of_event) if of_event else None
            status = receipt.status if receipt else "sent" if row < sent else "waiting"
            states.append(EventState(row, source, sequence, event_id, subject, event_type, _moment(at), status, receipt))
        return states

    def unanswered_from(self, source: str) -> int:
        """The lowest sequence of a device whose event has no receipt; the next one where all have."""
        query = """SELECT min(sequence) FROM minted WHERE source = ?1 AND NOT EXISTS
            (SELECT 1 FROM receipt WHERE receipt.source = ?1 AND receipt.sequence = minted.sequence AND receipt.id = minted.id)"""
        ((lowest,),) = self._ask(query, source)
        return int(lowest) if lowest is not None else self.last_number(source) + 1

    def keep_receipts(self, source: str, receipts: Iterable[Receipt]) -> None:
        """Keep what the centre said of some events."""
        rows = [(source, receipt.sequence, receipt.id or "", receipt.status, msgspec.json.encode(receipt)) for receipt in receipts]
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?, ?)", rows)

    def compare(self, page: ReceiptPage) -> None:
        """Raise `Copied` where the centre has events of this device that are not this spool's, and remember it."""
        last, why = self.last_number(page.source), None
        if page.highest > last:
            why = f"trung tâm đã có đến số {page.highest}, máy này mới đến số {last}"
        else:
            ids = dict(self._ask_of_sequences(page))
            strange = next((r for r in page.receipts if r.status == "conflict" or (r.id and ids.get(r.sequence, r.id) != r.id)), None)
            if strange is not None:
                why = f"ở số {strange.sequence} trung tâm có tin khác"
        if why is not None:
            self._ask("UPDATE contact SET copied = ? WHERE source = ?", why, page.source)
        self.refuse_copied(page.source)

    def refuse_copied(self, source: str) -> None:
        """Raise `Copied` where that was seen before."""
        rows = self._ask("SELECT copied FROM contact WHERE source = ? AND copied IS NOT NULL", source)
        if rows:
            raise Copied(
                f"hộp gửi của {source} được khôi phục từ bản sao hoặc chép sang máy khác ({rows[0][0]}): ghi danh lại máy này bằng thiết bị mới "
                "(`mocgioi post enrol`), tin đang chờ vẫn còn và sẽ được gửi dưới tên mới · this spool was restored or copied: enrol again as a "
                "new device; what waits is kept, and sent under the new name"
            )

    def contacted(self, source: str, skew_s: float | None) -> None:
        """The centre answered just now."""
        query = """INSERT INTO contact (source, at, skew_s) VALUES (?, ?, ?)
            ON CONFLICT (source) DO UPDATE SET at = excluded.at, skew_s = coalesce(excluded.skew_s, skew_s)"""
        self._ask(query, source, time.time_ns() // 1_000_000, skew_s)

    def contact(self, source: str) -> Contact | None:
        """The last answer of the centre to this device."""
        rows = self._ask("SELECT at, skew_s FROM contact WHERE source = ?", source)
        return Contact(_moment(rows[0][0]), rows[0][1]) if rows else None

    def mint_anew(self, device: Device) -> int:
        """Mint what waits of another device under this one, which may not send it as it stands. Returns how many there were.

        An incident keeps its subject: should the centre have it after all, it is still one incident. A correction of what waits too corrects that
        under its new name; what is sent keeps the old one. The events as they were are never sent: they leave the index.
        """
        rows: list[SpoolRow] = []
        start = self.sent
        while others := [row for row in self.read(start, 1000) if _READ.decode(row.value).source != device.source]:
            rows += others
            start = others[-1].offset + 1

        minted: list[AnyEvent] = []
        names: dict[tuple[str, str], dict[str, str]] = {}

        def anew() -> Iterator[NewEvent]:
            for row in rows:
                event = json.loads(row.value)
                yield _as_new(event, names)
                names[event["source"], event["id"]] = {"source": device.source, "id": minted[-1].id}
            # In the transaction that writes them, so that a kill neither loses nor doubles one.
            self.mark_sent(start)
            self._ask("DELETE FROM minted WHERE row BETWEEN ? AND ?", rows[0].offset, rows[-1].offset)

        if rows:
            mint.mint(self, device.source, anew(), last_time=self.last_time, accept=minted.append)
        return len(rows)

    def _ask_of_sequences(self, page: ReceiptPage) -> Iterator[tuple[int, str]]:
        if page.receipts:
            first, last = page.receipts[0].sequence, page.receipts[-1].sequence
            query = "SELECT sequence, id FROM minted WHERE source = ? AND sequence BETWEEN ? AND ?"
            yield from self._ask(query, page.source, first, last)

    def _insert(self, entries: Iterable[SpoolEntry]) -> int:
        entries = tuple(entries)
        _, after = self.bounds()
        count = super()._insert(entries)
        self._db.executemany(_INDEX, [_indexed(row, entry.value) for row, entry in enumerate(entries, start=after)])
        return count

    def _index_the_rest(self) -> None:
        """After a salvage the events are there, and their index is not."""
        ((indexed,),) = self._ask("SELECT coalesce(max(row), 0) FROM minted")
        while rows := self.read(indexed + 1, 1000):
            with self._transaction():
                self._db.executemany(_INDEX, [_indexed(row.offset, row.value) for row in rows])
            indexed = rows[-1].offset


class _Read(msgspec.Struct, frozen=True):
    """What the index holds of an event."""

    source: str
    sequence: str
    id: str
    subject: str
    type: str
    time: datetime


_READ = msgspec.json.Decoder(_Read)
_RECEIPT = msgspec.json.Decoder(Receipt)


def _indexed(row: int, value: bytes) -> tuple[int, str, int, str, str, str, int]:
    event = _READ.decode(value)
    return row, event.source, int(event.sequence), event.id, event.subject, event.type, round(event.time.timestamp() * 1000)


def _as_new(event: Mapping[str, Any], names: Mapping[tuple[str, str], Mapping[str, str]]) -> NewEvent:
    """What a minted event says, with its extensions. `names`: source and id that other events have now, by those they had."""
    extensions = {name: text for name, text in event.items() if name not in Envelope.model_fields and name not in ("type", "data")}
    data = {name: value for name, value in event["data"].items() if name != "last_sequence"}  # a number of the other device
    if corrects := data.get("corrects"):
        data["corrects"] = names.get((corrects["source"], corrects["id"]), corrects)
    return NewEvent(event["type"].removeprefix("vn.mocgioi.").removesuffix(".v1"), event["subject"], data, extensions)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, HANOI)
