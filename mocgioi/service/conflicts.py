"""Events kept aside: what differs from the recorded body, and the settlement of an office."""

import json
from collections.abc import Iterator
from typing import Any

from mocgioi.service.database import record_engine
from mocgioi.service.decisions import Sent, send
from mocgioi.service.settings import Settings
from mocgioi.views.effect import with_effect
from mocgioi.views.output import USAGE, fail
from schemas.codebook import Stands
from schemas.validation import read as read_event
from sinks.postgres.engine import Engine
from sinks.query import trace
from sinks.query.conflicts import conflicts, highest_sequence
from sinks.query.incidents import incident_shown

Row = dict[str, Any]

_MISSING = object()


def differences(first: str, other: str) -> list[tuple[str, Any, Any]]:
    """The fields in which two bodies differ, each with both values; None where one lacks it."""
    ours, theirs = dict(_flat(json.loads(first))), dict(_flat(json.loads(other)))
    names = [*ours, *(name for name in theirs if name not in ours)]
    pairs = [(name, ours.get(name, _MISSING), theirs.get(name, _MISSING)) for name in names]
    return [
        (name, None if before is _MISSING else before, None if after is _MISSING else after)
        for name, before, after in pairs
        if type(before) is not type(after) or before != after
    ]


def conflicts_of(engine: Engine, source: str, event_id: str) -> list[Row]:
    """The bodies kept aside under an id, each with the recorded one and the fields that differ. Leaves with a problem where there are none."""
    rows = _kept_aside(engine, source, event_id)
    if not rows:
        fail("not_found", f"{source} {event_id}: không có mâu thuẫn này · no such conflict: `mocgioi incidents conflicts`")
    return [_beside(engine, row) for row in rows]


def newest_conflicts(engine: Engine, limit: int) -> list[Row]:
    """The bodies that were kept aside last, as `conflicts_of` gives them."""
    return [_beside(engine, row) for row in conflicts(engine, limit=limit)]


def settle(settings: Settings, source: str, event_id: str, *, stands: Stands, reason: str, office: str, digest: str | None) -> Sent:
    """Send a settlement, as `send` does. Leaves with a problem where there is nothing to settle."""
    of = {"source": source, "id": event_id}
    with record_engine(settings) as engine:
        rows = _kept_aside(engine, source, event_id)
        recorded = trace.of_event(engine, source, rows[0]["with_id"] if rows else event_id)
        if recorded is None:
            fail("not_found", f"{source} {event_id}: không có mâu thuẫn này · no such conflict: `mocgioi incidents conflicts`")
        shown = incident_shown(engine, recorded.event["subject"])
        highest = highest_sequence(engine, source)
    if rows and shown is None and stands is not Stands.FIRST:
        sentence = "số đếm chỉ để bản đã ghi (--stands first); muốn đổi thì gửi đính chính · of counts the recorded body stands; a correction changes it"
        fail("no_incident", f"{event_id}: {sentence}")
    data: Row = {"of": of, "stands": stands.value, "reason": reason}
    if rows:
        data |= _which_body(rows, digest, stands)
    elif stands is not Stands.FIRST or shown is None or of not in with_effect(shown)["second_reports"]:
        sentence = "không có bản nào để riêng; báo cáo thứ hai chỉ xử lý bằng · nothing was kept aside; a second report takes"
        fail("no_conflict", f"{event_id}: {sentence} --stands first")
    if stands is Stands.BOTH:
        data["sequence"] = f"{highest + 1:08d}"
    bodies = [recorded.event["body"]] if shown is None else [event["body"] for event in shown["events"]]
    return send(settings, "conflict.settled", office, data, about=[read_event(body.encode()) for body in bodies])


def _kept_aside(engine: Engine, source: str, event_id: str) -> list[Row]:
    return [row for row in conflicts(engine) if (row["source"], row["id"]) == (source, event_id)]


def _which_body(rows: list[Row], digest: str | None, stands: Stands) -> Row:
    """The digest of the body that is meant; none where the recorded one stands over all of them."""
    if digest is None and (stands is Stands.FIRST or len(rows) == 1):
        return {}
    chosen = [row["digest"] for row in rows if digest is not None and row["digest"].startswith(digest)]
    if len(chosen) != 1:
        digests = ", ".join(row["digest"][:12] for row in rows)
        fail("ambiguous", f"--digest phải chỉ đúng một bản để riêng · must name one of the bodies kept aside: {digests}", USAGE)
    return {"digest": chosen[0]}


def _beside(engine: Engine, row: Row) -> Row:
    recorded = trace.of_event(engine, row["source"], row["with_id"])
    first = recorded.event["body"] if recorded is not None else "{}"
    pairs = [{"field": name, "first": ours, "other": theirs} for name, ours, theirs in differences(first, row["body"])]
    read_at = {} if recorded is None else {name: recorded.event[name] for name in ("source", "id", "log", "topic", "partition", "offset")}
    return row | {"first": json.loads(first), "other": json.loads(row["body"]), "recorded": read_at, "differences": pairs}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value in a body that is no object, by its dotted path; a list is one value."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _flat(item, f"{path}.{name}" if path else name)
    else:
        yield path, value
