"""What the record must hold of a simulation, stated from the posts' plans.

The record folds the events that arrive. Here nothing is folded: each incident is stated as the one report that would have said at once all that
its post said of it in the end. The Agreement is then asked what it makes of that report (`fold` of one report, `judge`: pure functions); a fault
in the path, in the order of events or in the fold of several so shows as a difference.
"""

from datetime import datetime
from typing import Any

from agreement.incident import fold
from agreement.judge import judge
from agreement.state import pack_of, state_of
from posts.simulation.border import Simulation
from posts.simulation.days import PlannedIncident
from schemas.events import Reported
from schemas.incidents import IncidentReported

Expected = dict[str, Any]


def expected(simulation: Simulation) -> Expected:
    """As `expected.json` holds it."""
    return {
        "events": len(simulation.minted),
        "sent": len(simulation.sent),
        "incidents": {incident.subject: _incident(incident) for incident in sorted(simulation.incidents, key=lambda each: each.subject)},
        "crossings": [[*of, count] for of, count in sorted(simulation.crossings.items())],
        "receipts": _receipts(simulation),
    }


def _receipts(simulation: Simulation) -> dict[str, list[list[Any]]]:
    """Of each device, the id and the incident of every event, in order: its sequence has no gap, so the place is the number."""
    receipts: dict[str, list[list[Any]]] = {}
    for event in simulation.minted:
        is_of_incident = event.type.startswith("vn.mocgioi.incident.")
        receipts.setdefault(event.source, []).append([event.id, event.subject if is_of_incident else None])
    return receipts


def _incident(planned: PlannedIncident) -> Expected:
    incident = fold([_reported_at_once(planned)])
    state = state_of(incident, judge(incident, pack_of(incident)))
    return {
        "kind": state.kind,
        "outcome": state.outcome,
        "clauses": list(state.clauses),
        "article39": next(iter(state.article39), None),
        "side": state.side,
        "markers": list(state.markers),
        "province": state.province,
        "occurred": planned.data["occurred"]["start"],
        "status": state.status,
        "complete": True,
        "retracted": planned.retracted,
    }


def _reported_at_once(planned: PlannedIncident) -> Reported:
    """One report of everything."""
    return Reported(
        specversion="1.0",
        id="planned",
        type="vn.mocgioi.incident.reported.v1",
        source=planned.source,
        subject=planned.subject,
        time=datetime.fromisoformat(planned.data["occurred"]["start"]),
        sequence="1",
        datacontenttype="application/json",
        data=IncidentReported.model_validate(planned.data),
    )
