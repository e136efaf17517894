"""An incident as commands show it: its events in the order of the fold, each with the way it came and why it has no effect, and its owner."""

from collections.abc import Mapping
from typing import Any

from agreement.incident import fold
from agreement.order import in_order
from agreement.settlement import Aside, standing
from agreement.speakers import WHY_LABELS, WithoutEffect
from mocgioi.views.way import way_of
from schemas.events import IncidentEvent, Settled
from schemas.validation import read

Row = dict[str, Any]

_REPLACED: Row = {"code": "replaced", "vi": "cơ quan chọn bản khác khi xử lý mâu thuẫn", "en": "an office let the other body stand"}


def with_effect(shown: Row) -> Row:
    """An incident of `sinks.query.incidents.incident_shown`, with the effect of each event and its owner."""
    events = {(row["source"], row["id"]): read(row["body"].encode()) for row in shown["events"]}
    recorded = [event for event in events.values() if not isinstance(event, Settled)]
    aside = [Aside(read(row["body"].encode()), row["digest"], row["with_id"]) for row in shown["conflicts"]]
    stands = standing(recorded, aside, [event for event in events.values() if isinstance(event, Settled)])
    incident_events = [event for event in stands.events if isinstance(event, IncidentEvent) and event.subject == shown["incident"]]
    whole = fold(incident_events, settled=stands.answered) if incident_events else None
    refs = (*(whole.without_effect if whole else ()), *stands.without_effect)
    standing_keys = {(event.source, event.id) for event in stands.recorded}
    reasons = {(event.source, event.id): _REPLACED for event in recorded if (event.source, event.id) not in standing_keys}
    reasons |= {(ref.source, ref.id): reason(ref) for ref in refs}
    rows = in_order(shown["events"], lambda row: events[row["source"], row["id"]])
    return shown | {
        "owner": whole.owner if whole else None,
        "reinstated": whole.reinstatement_reason if whole else None,
        "second_reports": [{"source": ref.source, "id": ref.id} for ref in whole.second_reports] if whole else [],
        "events": [row | way_of(row["body"]) | {"without_effect": reasons.get((row["source"], row["id"]))} for row in rows],
    }


def reason(ref: WithoutEffect) -> Row:
    """Why an event has no effect, as JSON has it."""
    vi, en, _ = WHY_LABELS[ref.why]
    return {"code": ref.why.value, "vi": vi, "en": en}


def effect_words(without_effect: Mapping[str, str] | None) -> str:
    """The same for people; empty where it has effect."""
    return "" if without_effect is None else f"không có hiệu lực: vì {without_effect['vi']}"
