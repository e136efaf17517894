"""What another pack would change, in words and as JSON."""

from typing import Any

from agreement.comparing import Difference, EventChange, IncidentChange
from agreement.effective import Effective
from agreement.occurred import UNKNOWN, occurred_words
from agreement.packs import day_of
from agreement.unit import unit_of
from mocgioi.views.output import say, table
from schemas.codebook import OUTCOME_LABELS, Outcome
from schemas.verdicts import Verdict

_EVENTS = ("Sự kiện\nevent", "Nguồn\nsource", "Vụ việc\nincident", "Trước\nbefore", "Sau\nafter")
_INCIDENTS = ("Vụ việc\nincident", "Xảy ra\noccurred", "Tỉnh\nprovince", "Trước\nbefore", "Sau\nafter")
_FIGURES = ("Chế độ\nregime", "Kỳ\nperiod", "Đơn vị\nunit", "Chỉ tiêu\nfigure", "Trước\nbefore", "Sau\nafter")


def as_json(changes: Difference) -> dict[str, Any]:
    """The whole difference."""
    return {
        "judged": {"incidents": changes.incidents_judged, "events": changes.events_judged},
        "events": [_event(change) for change in changes.events],
        "incidents": [_incident(change) for change in changes.incidents],
        "figures": [
            {"regime": figure.regime, "period": figure.period, "unit": figure.unit, "figure": figure.id, "before": before, "after": after}
            for figure, before, after in changes.figures
        ],
        "shadow": [{"rule_id": rule, "outcome": outcome, "incidents": n} for (rule, outcome), n in sorted(changes.shadow.items())],
    }


def show(changes: Difference) -> None:
    """Print it for people."""
    say(f"đã xét · judged: {changes.incidents_judged} vụ việc · incidents, {changes.events_judged} báo cáo · reports")
    events = [
        (change.event.id, change.event.source, change.subject, _verdict_words(change.before), _verdict_words(change.after))
        for change in changes.events
    ]
    table(_EVENTS, events, title=f"{len(events)} sự kiện đổi kết luận · events whose verdict changes")
    cells = [_incident_cells(change) for change in changes.incidents]
    table(_INCIDENTS, cells, title=f"{len(cells)} vụ việc đổi kết quả · incidents whose outcome changes")
    figures = [(*figure, before, after) for figure, before, after in changes.figures]
    table(_FIGURES, figures, title=f"{len(figures)} số liệu thay đổi · period figures that move")
    for (rule, outcome), n in sorted(changes.shadow.items()):
        say(f"thử, không tính · shadow: {rule}: {outcome}: {n}")


def _event(change: EventChange) -> dict[str, Any]:
    return {
        "event_id": change.event.id,
        "source": change.event.source,
        "incident": change.subject,
        "before": _verdict(change.before),
        "after": _verdict(change.after),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    findings = [
        {"rule_id": finding.rule_id, "clause": finding.clause, "outcome": finding.outcome, "missing": list(finding.missing)}
        | ({"shadow": True} if finding.shadow else {})
        for finding in verdict.findings
    ]
    return {"outcome": verdict.outcome, "rule_pack": verdict.rule_pack, "findings": findings}


def _incident(change: IncidentChange) -> dict[str, Any]:
    occurred = change.incident.occurred
    return {
        "incident": change.incident.subject,
        "kind": change.incident.kind,
        "occurred": day_of(occurred.start).isoformat() if occurred else None,
        "province": unit_of(change.incident),
        "before": _counts(change.before, change.machine_before),
        "after": _counts(change.after, change.machine_after),
    }


def _incident_cells(change: IncidentChange) -> tuple[object, ...]:
    row, occurred = _incident(change), change.incident.occurred
    when = occurred_words(occurred.start, occurred.precision, occurred.end) if occurred else UNKNOWN
    return row["incident"], when, row["province"], _effect(row["before"]), _effect(row["after"])


def _counts(what: Effective, machine: Outcome) -> dict[str, Any]:
    return {
        "outcome": what.outcome,
        "side": what.side,
        "clauses": list(what.clauses),
        "article39": list(what.article39),
        "assessed": what.assessed,
        "machine_outcome": machine,
    }


def _verdict_words(verdict: Verdict) -> str:
    rules = ", ".join(finding.rule_id for finding in verdict.findings if not finding.shadow and finding.outcome is verdict.outcome)
    return f"{OUTCOME_LABELS[verdict.outcome].vi} ({rules})"


def _effect(counts: dict[str, Any]) -> str:
    words = OUTCOME_LABELS[Outcome(counts["outcome"])].vi + (f" {', '.join(counts['clauses'])}" if counts["clauses"] else "")
    if counts["machine_outcome"] != counts["outcome"]:
        words += f" [cán bộ; máy: {OUTCOME_LABELS[Outcome(counts['machine_outcome'])].vi}]"
    return words
