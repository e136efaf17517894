"""An officer's assessment, minted and sent on its way."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mocgioi.database import record_engine
from mocgioi.output import fail
from mocgioi.recording import outbox_of, publish, record, spool_of
from mocgioi.settings import Settings
from posts.mint import mint
from posts.spool import Entry, Spool
from schemas.doorway import decode
from schemas.problems import InvalidEvent
from sinks import read


def assess(settings: Settings, incident: str, finding: Mapping[str, Any]) -> str:
    """Send an `incident.assessed` event; what became of it, in a sentence. Leaves with a problem for an unknown incident or a bad finding."""
    with record_engine(settings) as engine:
        known = read.incident_shown(engine, incident)
    if known is None:
        fail("not_found", f"{incident}: chưa có vụ việc này · no such incident")
    latest = max(datetime.fromisoformat(event["time"]) for event in known["events"])
    if settings.kafka is None:
        with spool_of(settings) as spool:
            event_id = _spooled(spool, incident, finding, after=latest)
            done = record(settings, spool)
        if done.conflicts or not done.events:
            fail("conflict", f"{event_id}: không được ghi, xem `mocgioi incidents conflicts` · not recorded, see there")
        return f"đã ghi · recorded: {event_id}"
    with outbox_of(settings) as outbox:
        event_id = _spooled(outbox, incident, finding, after=latest)
        publish(settings, outbox)
    return f"đã gửi · published: {event_id}"


def _spooled(spool: Spool, incident: str, finding: Mapping[str, Any], *, after: datetime) -> str:
    """Write the event to a spool; gives its id."""
    # The spool is the device: an office may have several, and their numbers must not meet.
    source = f"/offices/{finding['by_office']}/{spool.id[:8]}"
    entry: Entry = mint(spool, kind="incident.assessed", source=source, subject=incident, data=finding, after=after)
    try:
        decode(entry.value)
    except InvalidEvent as refused:
        fail(refused.code, refused.sentence)
    spool.append([entry])
    return str(json.loads(entry.value)["id"])
