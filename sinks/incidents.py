# statements are put together from our own column names, never from values
"""Incidents from the events that were just inserted: folded and judged as a whole, a version appended for each that changed.

Why nothing is missed, at READ COMMITTED: an event is committed together with the row of its incident, so whoever inserts that row first has
all there is. Another transaction with an event of the same subject waits, on the unique index (the first has not committed) or on the row
lock (it is changing it), and reads the subject's events by a statement begun after that wait: it sees the other's events and its own.
Should the first roll back, the second's insert succeeds and it is the first.

Why nothing deadlocks: every transaction takes its locks in the same stages (positions, clock, events, incidents inserted, incidents locked,
crossings) and in one stage in the order of the key. A pathological device (one sequence under several ids) may still cross two
transactions in the stage of events: PostgreSQL ends one of them, and it is tried again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from schemas.codebook import Kind, Outcome
from schemas.doorway import read
from schemas.events import Assessed, IncidentEvent, Reported, Retracted, Updated
from schemas.records import ClassifiedEvent, Recorded
from schemas.verdicts import Verdict
from sinks.clock import stamp
from sinks.copying import Statements, Target, names, quoted
from sinks.tables import incident, incident_version
from sinks.versions import Version, version_of

FRESH = Target("fresh", incident.columns)
"""The newest versions of incidents, about to be stored."""
VERSIONS = Target("incident_version", incident_version.columns)

_INCIDENT = names(incident)
_VERSION = names(incident_version)
_KNOWN = "SELECT subject FROM incident WHERE subject = ANY(%s)"
_INSERT_NEW = f"""
WITH made AS (
    INSERT INTO incident ({quoted(_INCIDENT)}) SELECT {quoted(_INCIDENT)} FROM fresh ORDER BY subject
    ON CONFLICT DO NOTHING RETURNING subject
)
SELECT subject FROM fresh WHERE NOT EXISTS (SELECT FROM made WHERE made.subject = fresh.subject)
"""
_LOCK = "SELECT subject, version, recorded_at FROM incident WHERE subject = ANY(%s) ORDER BY subject FOR UPDATE"
_STATED = tuple(name for name in _VERSION[3:] if name not in ("folded", "findings", "events"))
_NEWEST = f"""
SELECT newest.subject, {quoted(_STATED, "last.")}, folded::text, findings::text, events::text
FROM unnest(%s::text[], %s::int[]) AS newest (subject, version) CROSS JOIN LATERAL (
    SELECT * FROM incident_version WHERE incident_version.subject = newest.subject AND incident_version.version = newest.version OFFSET 0
) AS last
"""
_EVENTS = "SELECT source, id, subject, body::text FROM event WHERE subject = ANY(%s) AND type LIKE 'vn.mocgioi.incident.%%'"
_REPLACE = f"""
UPDATE incident SET ({quoted(_INCIDENT[1:])}) = ROW ({quoted(_INCIDENT[1:], "fresh.")}) FROM fresh
WHERE fresh.subject = incident.subject AND incident.subject = ANY(%s)
"""
_INSTANT = timedelta(microseconds=1)


def record_incidents(cursor: Statements, inserted: Iterable[ClassifiedEvent], recorded_at: datetime, into: Recorded) -> None:
    """Bring the incidents of newly inserted events up to date. `recorded_at` stamps the new; the changed are stamped under their lock."""
    arrived: dict[str, list[ClassifiedEvent]] = {}
    for one in inserted:
        if isinstance(one.event, Reported | Updated | Retracted | Assessed):
            arrived.setdefault(one.event.subject, []).append(one)
    if not arrived:
        return
    existing = _insert_new(cursor, arrived, recorded_at, into)
    if existing:
        at_hand = {(one.event.source, one.event.id): _incident_event(one) for subject in existing for one in arrived[subject]}
        update_incidents(cursor, existing, into, at_hand)


def update_incidents(
    cursor: Statements, subjects: Sequence[str], into: Recorded, at_hand: Mapping[tuple[str, str], IncidentEvent] | None = None
) -> None:
    """Fold and judge existing incidents again, from all their events; append a version to each that changed. `at_hand`: events read already."""
    cursor.execute(_LOCK, (sorted(subjects),))
    newest = {subject: (version, recorded_at) for subject, version, recorded_at in cursor}
    now = stamp(cursor)
    cursor.execute(_NEWEST, (list(newest), [version for version, _ in newest.values()]))
    stored = {subject: Version.stored(columns) for subject, *columns in cursor}
    changed = []
    for subject, events in sorted(_told(cursor, list(newest), at_hand or {}).items()):
        version, recorded_at = newest[subject]
        last = stored[subject]
        made = version_of(events, last.verdict, last)
        if made != last:
            changed.append((subject, version + 1, max(now, recorded_at + _INSTANT), made))
    if changed:
        append(cursor, changed)
        _count((made for *_, made in changed), into)


def append(cursor: Statements, changed: Sequence[tuple[str, int, datetime, Version]]) -> None:
    """Append versions of incidents that are there, each (subject, version, recorded_at, what it says), and make them the newest."""
    cursor.execute("DELETE FROM fresh")
    rows = [made.row(subject, version, moment) for subject, version, moment, made in changed]
    VERSIONS.fill(cursor, rows)
    FRESH.fill(cursor, [row[: len(FRESH.columns)] for row in rows])
    cursor.execute(_REPLACE, ([row[0] for row in rows],))


def _insert_new(cursor: Statements, arrived: Mapping[str, list[ClassifiedEvent]], recorded_at: datetime, into: Recorded) -> list[str]:
    """Insert those that look new; gives those that are not. A first report is taken for a new incident without asking."""
    unreported = [subject for subject, told in arrived.items() if not any(isinstance(one.event, Reported) for one in told)]
    known: set[str] = set()
    if unreported:
        cursor.execute(_KNOWN, (unreported,))
        known = {subject for (subject,) in cursor}
    made = {
        subject: version_of([_incident_event(one) for one in told], _given(told))
        for subject, told in arrived.items()
        if subject not in known
    }
    if made:
        rows = [version.row(subject, 1, recorded_at) for subject, version in made.items()]
        FRESH.fill(cursor, [row[: len(FRESH.columns)] for row in rows])
        cursor.execute(_INSERT_NEW)
        existing = {subject for (subject,) in cursor}
        VERSIONS.fill(cursor, [row for row in rows if row[0] not in existing])
        _count((version for subject, version in made.items() if subject not in existing), into)
        known |= existing
    return sorted(known)


def _told(cursor: Statements, subjects: list[str], at_hand: Mapping[tuple[str, str], IncidentEvent]) -> dict[str, list[IncidentEvent]]:
    """All events of each subject's fold."""
    cursor.execute(_EVENTS, (subjects,))
    told: dict[str, list[IncidentEvent]] = {}
    for source, event_id, subject, body in cursor:
        told.setdefault(subject, []).append(at_hand.get((source, event_id)) or _read(body))
    return told


def _read(body: str) -> IncidentEvent:
    event = read(body.encode())
    assert isinstance(event, Reported | Updated | Retracted | Assessed)  # noqa: S101  # its type says so
    return event


def _incident_event(one: ClassifiedEvent) -> IncidentEvent:
    assert isinstance(one.event, Reported | Updated | Retracted | Assessed)  # noqa: S101  # chosen by its class
    return one.event


def _given(told: Sequence[ClassifiedEvent]) -> Verdict:
    """What classify said of the first report among these events, else of the first."""
    return next((one.verdict for one in told if isinstance(one.event, Reported)), told[0].verdict)


def _count(versions: Iterable[Version], into: Recorded) -> None:
    for version in versions:
        into.judge_failures += version.judge_failed
        if version.kind is not None:
            into.incidents[Kind(version.kind), Outcome(version.outcome)] += 1
