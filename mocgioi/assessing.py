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
    spool = spool_of(settings) if settings.kafka is None else outbox_of(settings)
    source = f"/offices/{finding['by_office']}"
    entry = mint(spool, kind="incident.assessed", source=source, subject=incident, data=finding, after=latest)
    try:
        decode(entry.value)
    except InvalidEvent as refused:
        fail(refused.code, refused.sentence)
    spool.append([entry])
    event_id = json.loads(entry.value)["id"]
    if settings.kafka is None:
        record(settings, spool, on_progress=lambda _: None)
        return f"đã ghi · recorded: {event_id}"
    publish(settings, spool, on_progress=lambda _: None)
    return f"đã gửi · published: {event_id}"
