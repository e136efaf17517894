"""How later events changed an incident: field by field, by which event, why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agreement.incident import subject_events
from schemas.events import Assessed, IncidentEvent, Reinstated, Reported, Retracted, Updated
from schemas.notices import EventRef


@dataclass(frozen=True, slots=True)
class Change:
    """One field that an event gave another value."""

    field: str
    """`side`, `facts.distance_m`, `assessment`, `retracted`."""
    before: Any
    """None: not stated until then, or withdrawn."""
    stated_by: EventRef | None
    after: Any
    by: EventRef
    time: datetime
    reason: str | None


def changes(events: Iterable[IncidentEvent]) -> list[Change]:
    """Every change after the first event, in the order of the fold. An event that repeats a value, or is without effect, changes nothing."""
    stated: dict[str, tuple[Any, EventRef]] = {}
    changed = []
    for number, event in enumerate(subject_events(events).effective):
        by = EventRef(source=event.source, id=event.id)
        for name, value in _statements(event):
            before, stated_by = stated.get(name, (None, None))
            if number and value != before:
                changed.append(Change(name, before, stated_by, value, by, event.time, getattr(event.data, "reason", None)))
            stated[name] = value, by
    return changed


def _statements(event: IncidentEvent) -> Iterable[tuple[str, Any]]:
    """Each field an event states, values as JSON has them."""
    match event:
        case Retracted():
            yield "retracted", True
        case Reinstated():
            yield "retracted", False
        case Assessed():
            yield "assessment", _plain(event.data)
        case Reported() | Updated():
            for name in sorted(event.data.model_fields_set - {"facts", "reason"}):
                yield name, _plain(getattr(event.data, name))
            for name, value in sorted(event.data.facts.items()):
                yield f"facts.{name}", value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
