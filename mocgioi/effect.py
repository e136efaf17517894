"""An incident as it is shown: its events in the order of the fold, each with why it has no effect, and whose the incident is."""

from collections.abc import Mapping
from typing import Any

from agreement.incident import fold
from agreement.order import in_order
from agreement.settlement import Aside, standing
from agreement.speakers import WHY_LABELS, WithoutEffect
from schemas.doorway import read
from schemas.events import IncidentEvent, Settled

Row = dict[str, Any]


def with_effect(shown: Row) -> Row:
    """What `sinks.read.incident_shown` gives, with that added."""
    events = {(row["source"], row["id"]): read(row["body"].encode()) for row in shown["events"]}
    recorded = [event for event in events.values() if not isinstance(event, Settled)]
    aside = [Aside(read(row["body"].encode()), row["digest"], row["with_id"]) for row in shown["conflicts"]]
    found = standing(recorded, aside, [event for event in events.values() if isinstance(event, Settled)])
    whole = fold((event for event in recorded if isinstance(event, IncidentEvent)), settled=found.answered)
    reasons = {(ref.source, ref.id): reason(ref) for ref in (*whole.without_effect, *found.without_effect)}
    rows = in_order(shown["events"], lambda row: events[row["source"], row["id"]])
    return shown | {
        "owner": whole.owner,
        "reinstated": whole.reinstatement_reason,
        "second_reports": [{"source": ref.source, "id": ref.id} for ref in whole.second_reports],
        "events": [row | {"without_effect": reasons.get((row["source"], row["id"]))} for row in rows],
    }


def reason(ref: WithoutEffect) -> Row:
    """Why an event has no effect, as JSON has it."""
    vi, en, _ = WHY_LABELS[ref.why]
    return {"code": ref.why.value, "vi": vi, "en": en}


def effect_words(without_effect: Mapping[str, str] | None) -> str:
    """The same for people; empty where it has effect."""
    return "" if without_effect is None else f"không có hiệu lực: vì {without_effect['vi']}"
