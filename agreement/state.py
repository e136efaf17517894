"""What events, folds and verdicts come to as the columns that the record's lists and figures filter by. Pure."""

from datetime import datetime

from agreement.effective import effective
from agreement.incident import Incident, of_one_report
from agreement.judge import JUDGE_VERSION
from agreement.packs import Pack, day_of, in_force
from agreement.unit import unit_of
from schemas.codebook import Kind
from schemas.events import AnyEvent, Crossed, CrossingEvent, CrossingFixed, PostSaid, Reported, Updated
from schemas.sound import SoundReport
from schemas.verdicts import CrossingState, EventRow, IncidentState, MeasureRow, Verdict


def event_row(event: AnyEvent | SoundReport, verdict: Verdict | None = None) -> EventRow:
    """What an event comes to in the record's tables. The `verdict` on a first report alone decides its incident's first state."""
    occurred: datetime | None = None
    incident: IncidentState | None = None
    crossing: CrossingState | None = None
    match event:
        case SoundReport() | Reported():
            occurred = event.data.occurred.start
            incident = state_of(of_one_report(event), verdict) if verdict is not None else None
        case Updated():
            occurred = event.data.occurred.start if event.data.occurred else None
        case Crossed() | CrossingFixed():
            occurred = event.data.interval.start
            crossing = _crossing_state(event)
        case PostSaid():
            occurred = event.data.interval.start
    return EventRow(event.source, event.id, event.subject, event.type, event.time, event.number, occurred, incident, crossing)


def is_current(incident: Incident, state: IncidentState) -> bool:
    """Whether the rules and the judge of today gave the state's verdict."""
    return not state.judge_failed and (state.rule_pack, state.judge_version) == (pack_of(incident).id, JUDGE_VERSION)


def pack_of(incident: Incident) -> Pack:
    """The pack in force when the incident occurred; while nobody has said when, the one of the day of its first event."""
    return in_force(day_of(incident.occurred.start if incident.occurred else incident.first_time))


def state_of(incident: Incident, verdict: Verdict, *, judge_failed: bool = False) -> IncidentState:
    """The columns that an incident and its verdict come to."""
    counted = effective(incident, verdict)
    place, occurred = incident.place, incident.occurred
    return IncidentState(
        outcome=counted.outcome,
        machine_outcome=verdict.outcome,
        rule_pack=verdict.rule_pack,
        judge_version=verdict.judge_version,
        reporter=incident.reporter,
        kind=incident.kind,
        status=incident.status,
        occurred_start=occurred.start if occurred else None,
        occurred_precision=occurred.precision if occurred else None,
        side=counted.side,
        direction=incident.direction,
        scheme=place.scheme if place else None,
        gate=place.gate if place and place.scheme == "gate" else None,
        area=place.area if place and place.scheme in ("sea", "area") else None,
        province=unit_of(incident),
        district=place.district if place else None,
        commune=place.commune if place else None,
        act=_codes(incident.facts.get("state" if incident.kind is Kind.MARKER_DAMAGE else "act")),
        clauses=counted.clauses,
        article39=counted.article39,
        markers=_markers(verdict),
        measures=tuple([MeasureRow(each.what, each.n, each.unit, each.nationality, each.of) for each in incident.measures]),
        complete=incident.complete,
        retracted=incident.retracted,
        assessed=counted.assessed,
        facts_after_assessment=incident.facts_after_assessment,
        judge_failed=judge_failed,
        known_at=incident.known_at,
    )


def _crossing_state(event: CrossingEvent) -> CrossingState:
    stated = event.data
    return CrossingState(
        gate=stated.gate,
        direction=stated.direction,
        status=stated.status,
        interval_start=stated.interval.start,
        interval_end=stated.interval.end,
        counts=tuple(MeasureRow(count.what, count.n, count.unit, count.nationality) for count in stated.counts),
        corrects=(event.data.corrects.source, event.data.corrects.id) if isinstance(event, CrossingFixed) else None,
    )


def _markers(verdict: Verdict) -> tuple[str, ...]:
    """Canonical items of the place, each once: the same in every finding on one place."""
    markers = dict.fromkeys(finding.markers for finding in verdict.findings)
    return next(iter(markers)) if len(markers) == 1 else tuple(dict.fromkeys(marker for items in markers for marker in items))


def _codes(fact: object) -> str | None:
    return ",".join(fact) if isinstance(fact, tuple) else fact if isinstance(fact, str) else None
