"""What an import does with each row: report it, correct what was reported, or nothing, since the device has imported it before.

A row is known by its `ref`. Every event of an import keeps it as a CloudEvents extension, so the device's own spool says what was imported. Only
imported values are compared: what `mocgioi post update` added since is not taken back by the same row.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from posts.importing.row import Data, ReadRow
from posts.mint import NewEvent

VIA = "import"
_REPORTED, _UPDATED, _RETRACTED = "incident.reported", "incident.updated", "incident.retracted"
_SUBJECTS = uuid.UUID("5d0b6a6e-6f63-4769-8f69-696d706f7274")
"""The name space of the subjects of imported incidents."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What becomes of one row."""

    number: int
    outcome: Literal["new", "known", "corrected", "refused"]
    events: tuple[NewEvent, ...] = ()
    problems: tuple[str, ...] = ()
    is_secret: bool = False


@dataclass(slots=True)
class _Imported:
    """An incident as this device's imports have stated it."""

    subject: str
    data: Data
    retracted: bool = False


class ImportPlan:
    """The plan for the rows of a file, one after the other, by what this machine has minted so far."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._post = f"{source.rpartition('/')[0]}/"
        self._by_ref: dict[str, _Imported] = {}
        self._by_subject: dict[str, _Imported] = {}
        self._seen: dict[str, ReadRow] = {}
        """The first row of each `ref` in this file."""

    def learn(self, history: Iterable[bytes]) -> None:
        """Learn what devices of this post imported: from the events of this machine, oldest first; it may have been another post's."""
        for raw in history:
            if b'"ref"' in raw or _RETRACTED.encode() in raw:
                event = json.loads(raw)
                if event["source"].startswith(self._post):
                    self._learn(event)

    def of(self, row: ReadRow) -> PlannedRow:
        """What becomes of a row."""
        problems = row.problems
        first = self._seen.setdefault(row.ref, row) if row.ref else row
        if not problems and first.data != row.data:
            problems = [f"số vào sổ (ref): “{row.ref}” đã có ở dòng {first.number} với nội dung khác: mỗi vụ một số"]
        if problems:
            return PlannedRow(row.number, "refused", problems=tuple(problems), is_secret=row.is_secret)
        before = self._by_ref.get(row.ref)
        if before is None:
            before = self._by_ref[row.ref] = _Imported(_subject(self._source, row.ref, row.data), row.data)
            return PlannedRow(row.number, "new", (_event(_REPORTED, before.subject, row.data, row.ref),))
        updates = list(_changes(before.data, row.data, row.ref))
        if updates and before.retracted:
            return PlannedRow(row.number, "refused", problems=(f"vụ việc {before.subject} đã rút: báo lại bằng số vào sổ mới",))
        before.data = row.data
        events = tuple(_event(_UPDATED, before.subject, update, row.ref) for update in updates)
        return PlannedRow(row.number, "corrected" if updates else "known", events)

    def _learn(self, event: dict[str, Any]) -> None:
        kind, subject = event["type"].removeprefix("vn.mocgioi.").removesuffix(".v1"), event["subject"]
        if kind == _RETRACTED and subject in self._by_subject:
            self._by_subject[subject].retracted = True
        elif kind == _REPORTED and event.get("via") == VIA:
            self._by_ref[event["ref"]] = self._by_subject[subject] = _Imported(subject, event["data"])
        elif kind == _UPDATED and event.get("via") == VIA and event["ref"] in self._by_ref:
            _state(self._by_ref[event["ref"]].data, event["data"])


def _event(kind: str, subject: str, data: Data, ref: str) -> NewEvent:
    return NewEvent(kind, subject, data, {"via": VIA, "ref": ref})


def _subject(source: str, ref: str, data: Data) -> str:
    """The same for the same row on every device of a post: a file that is imported again after a reinstall makes no second incident.

    The day is part of it, since two machines of a post may both number their rows from 1.
    """
    post = source.split("/")[2]
    return f"inc-{uuid.uuid5(_SUBJECTS, json.dumps([post, ref, data['occurred']['start'][:10]]))}"


def _changes(before: Data, after: Data, ref: str) -> Iterator[Data]:
    """The updates that make `after` of `before`. Facts are withdrawn on their own where the kind changes: it may not know them."""
    old_facts, new_facts = before.get("facts", {}), after.get("facts", {})
    withdrawn: dict[str, Any] = {name: None for name in old_facts if name not in new_facts}
    changed = {
        name: after.get(name, _EMPTY.get(name)) for name in sorted({*before, *after} - {"facts"}) if after.get(name) != before.get(name)
    }
    stated = {name: value for name, value in new_facts.items() if old_facts.get(name) != value}
    reason = {"reason": f"đính chính theo bảng nhập, số vào sổ {ref}"}
    if withdrawn and "kind" in changed:
        yield reason | {"facts": withdrawn}
        withdrawn = {}
    if facts := withdrawn | stated:
        changed["facts"] = facts
    if changed:
        yield reason | changed


_EMPTY: Mapping[str, Any] = {"measures": []}
"""What withdraws a field, where that is not null."""


def _state(data: Data, update: Data) -> None:
    """Put what an import's update states over what its earlier events stated."""
    facts = {**data.get("facts", {}), **update.get("facts", {})}
    data |= {name: value for name, value in update.items() if name not in ("facts", "reason")}
    data["facts"] = {name: value for name, value in facts.items() if value is not None}
    for name in [name for name, value in data.items() if value in (None, [], {})]:
        del data[name]
