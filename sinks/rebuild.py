# statements are put together from our own column names, never from values
"""Work the computed tables out again from `event` and `verdict`: the same rows, since everything in them is a function of what was said.

`incident` and both tables of crossings are emptied and filled. `incident_version` also says *when* the record knew what: which events each
version was made of, its `recorded_at`, its rule pack and judge version. That is history, which no event holds (transactions that met at an
incident were stamped in the order of their locks): it is kept, and the rest of the row is worked out again from those events. A version
under rules that are not today's keeps its verdict, for the past is not judged again. What no version accounts for is appended, stamped now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Engine

from schemas.codebook import Outcome
from schemas.doorway import read
from schemas.events import IncidentEvent, Reported
from schemas.verdicts import Finding, Verdict
from sinks.clock import stamp_under_lock
from sinks.copying import Statements, names, quoted
from sinks.crossings import restate
from sinks.incidents import VERSIONS
from sinks.session import transaction
from sinks.tables import incident, incident_version
from sinks.versions import Version, version_again, version_of

_AT_ONCE = 1000
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_VERSION = names(incident_version)
_INCIDENT = names(incident)
_STATED = _VERSION[3:-3]
_LOCK = "LOCK TABLE incident, incident_version, crossing, crossing_superseded IN SHARE ROW EXCLUSIVE MODE"
_SUBJECTS = "SELECT DISTINCT subject FROM event WHERE type LIKE 'vn.mocgioi.incident.%' ORDER BY subject"
_RECORDS = "SELECT source, id FROM event WHERE type = 'vn.mocgioi.crossing.recorded.v1' ORDER BY source, id"
_EVENTS = """
SELECT source, id, subject, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%'
ORDER BY recorded_at, source, id
"""
_VERSIONS = f"""
SELECT subject, version, recorded_at, {quoted(_STATED)}, folded::text, findings::text, events::text
FROM incident_version WHERE subject = ANY(%s) ORDER BY subject, version
"""
_VERDICT = """
SELECT outcome, rule_pack, judge_version, findings::text FROM verdict WHERE source = %s AND id = %s ORDER BY recorded_at LIMIT 1
"""
_REMOVE = "DELETE FROM incident_version WHERE (subject, version) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"
_NEWEST = f"""
INSERT INTO incident ({quoted(_INCIDENT)})
SELECT DISTINCT ON (subject) {quoted(_INCIDENT)} FROM incident_version ORDER BY subject, version DESC
"""

Item = TypeVar("Item")
Key = tuple[str, str]
Stored = tuple[int, datetime, Version]


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did."""

    incidents: int = 0
    versions_repaired: int = 0
    """Versions whose row was not what their events say."""
    versions_appended: int = 0
    """Incidents that had events no version accounted for."""
    crossing_records: int = 0


def rebuild(engine: Engine) -> Rebuilt:
    """Work out `incident_version`, `incident` and the crossings again, in one transaction. Raises `Unavailable`."""
    return transaction(engine, _rebuild)


def _rebuild(cursor: Statements) -> Rebuilt:
    done = Rebuilt()
    now = stamp_under_lock(cursor)
    cursor.execute(_LOCK)
    cursor.execute(_SUBJECTS)
    for subjects in _chunks([subject for (subject,) in cursor]):
        _restore(cursor, subjects, now, done)
    cursor.execute("DELETE FROM incident")
    cursor.execute(_NEWEST)
    done.incidents = cursor.rowcount
    for table in ("crossing", "crossing_superseded"):
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute(_RECORDS)
    for records in _chunks([(source, event_id) for source, event_id in cursor]):
        restate(cursor, records, {})
        cursor.execute("DELETE FROM counted")
        done.crossing_records += len(records)
    return done


def _restore(cursor: Statements, subjects: Sequence[str], now: datetime, done: Rebuilt) -> None:
    """Bring the versions of these subjects to what their events say."""
    told: dict[str, dict[Key, IncidentEvent]] = {}
    cursor.execute(_EVENTS, (subjects,))
    for source, event_id, subject, body in cursor:
        event = read(body.encode())
        assert isinstance(event, IncidentEvent)  # noqa: S101  # its type says so
        told.setdefault(subject, {})[source, event_id] = event
    stored: dict[str, list[Stored]] = {}
    cursor.execute(_VERSIONS, (subjects,))
    for subject, number, recorded_at, *columns in cursor:
        stored.setdefault(subject, []).append((number, recorded_at, Version.stored(columns)))
    rows = []
    for subject, events in told.items():
        for number, recorded_at, version in stored.get(subject, []):
            again = version_again([events[key] for key in _keys(version)], version)
            if again != version:
                rows.append(again.row(subject, number, recorded_at))
                done.versions_repaired += 1
        if missing := _missing(cursor, events, stored.get(subject, []), now):
            rows.append(missing[2].row(subject, missing[0], missing[1]))
            done.versions_appended += 1
    if rows:
        cursor.execute(_REMOVE, ([row[0] for row in rows], [row[1] for row in rows]))
        VERSIONS.fill(cursor, rows)


def _missing(cursor: Statements, events: Mapping[Key, IncidentEvent], versions: Sequence[Stored], now: datetime) -> Stored | None:
    """The version an incident still needs to account for all its events."""
    if not versions:
        first = next((event for event in events.values() if isinstance(event, Reported)), next(iter(events.values())))
        return 1, now, version_of(list(events.values()), _verdict(cursor, first))
    number, _, newest = versions[-1]
    if set(_keys(newest)) == set(events):
        return None
    return number + 1, now, version_of(list(events.values()), newest.verdict, newest)


def _verdict(cursor: Statements, event: IncidentEvent) -> Verdict:
    cursor.execute(_VERDICT, (event.source, event.id))
    row = cursor.fetchone()
    assert row is not None  # noqa: S101  # stored with its event
    outcome, rule_pack, judge_version, findings = row
    return Verdict(Outcome(outcome), rule_pack, judge_version, _FINDINGS.decode(findings))


def _keys(version: Version) -> list[Key]:
    return [(ref["source"], ref["id"]) for ref in msgspec.json.decode(version.events)]


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
