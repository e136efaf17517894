"""An event's whole life as one JSON document, put together from what the record holds about the event."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from agreement.changes import changes
from agreement.effective import effective
from agreement.figures import breach_of, figures_of
from agreement.incident import Incident, fold
from agreement.packs import UnknownPack, day_of, pack_named
from agreement.periods import Regime, periods_of
from agreement.unit import unit_of
from border.vietnam import HANOI
from mocgioi.views.effect import reason
from mocgioi.views.way import way_of
from schemas.codebook import Kind, Outcome, Status
from schemas.events import Crossed, IncidentEvent, PostSaid, Reported, Updated
from schemas.validation import read
from schemas.verdicts import Finding, Verdict
from sinks.query.trace import Trace

_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])

Row = dict[str, Any]


def of(trace: Trace) -> Row:
    """The whole life of an event."""
    row = trace.event
    event = read(row["body"].encode())
    siblings = [sibling for body in trace.siblings if isinstance(sibling := read(body.encode()), IncidentEvent)]
    whole = fold(siblings) if siblings else None
    kind = event.data.kind if isinstance(event, Reported) else None
    verdicts = [_verdict(verdict, kind) for verdict in trace.verdicts]
    return {
        "event": {name: row[name] for name in ("id", "source", "subject", "type", "sequence")}
        | way_of(row["body"])
        | {"body": json.loads(row["body"])},
        "clocks": _clocks(row, event),
        "origin": {name: row[name] for name in ("log", "topic", "partition", "offset")},
        "verdicts": verdicts,
        "missing": {
            "then": verdicts[0]["missing"] if verdicts else [],
            "now": _missing(trace.incident["findings"]) if trace.incident else [],
        },
        "without_effect": _without_effect(whole, row) if whole else None,
        "changes": _changes(siblings, row) if siblings else [],
        "corrected_by": [{"source": event["source"], "id": event["id"], "time": _moment(event["time"])} for event in trace.corrections],
        "crossing_counts": [_count(count) for count in trace.counts],
        "conflicts": [{**conflict, "recorded_at": _moment(conflict["recorded_at"])} for conflict in trace.conflicts],
        "incident": _incident(trace, whole) if trace.incident and whole else None,
        "periods": _periods(event, whole),
        "figures": _figures(trace, whole),
    }


def _clocks(row: Row, event: object) -> Row:
    data = event.data if isinstance(event, Reported | Updated) else None
    interval = event.data.interval if isinstance(event, Crossed | PostSaid) else None
    occurred = data.occurred.model_dump(mode="json", exclude_none=True) if data and data.occurred else None
    return {
        "occurred": occurred or (interval.model_dump(mode="json") if interval else None),
        "known_at": _moment(data.known_at) if data and data.known_at else None,
        "time": _moment(row["time"]),
        "received_at": _moment(row["received_at"]),
        "recorded_at": _moment(row["recorded_at"]),
    }


def _verdict(row: Row, kind: Kind | None) -> Row:
    """A verdict, with the rules that found nothing. They are known only while this program has the verdict's pack."""
    findings = row["findings"]
    try:
        rules = pack_named(row["rule_pack"]).by_kind[kind].rules if kind is not None else ()
    except UnknownPack:
        rules = ()
    with_finding = {finding["rule_id"] for finding in findings}
    silent = [rule.id for rule in rules if rule.id not in with_finding]
    return {
        "rule_pack": row["rule_pack"],
        "judge_version": row["judge_version"],
        "outcome": row["outcome"],
        "recorded_at": _moment(row["recorded_at"]),
        "findings": findings,
        "silent": silent,
        "missing": _missing(findings),
    }


def _missing(findings: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for finding in findings for name in finding["missing"] if not finding.get("shadow")))


def _without_effect(whole: Incident, row: Row) -> Row | None:
    """Why this event changes nothing; None where it has effect."""
    return next((reason(ref) for ref in whole.without_effect if (ref.source, ref.id) == (row["source"], row["id"])), None)


def _changes(events: list[IncidentEvent], row: Row) -> list[Row]:
    """What this event changed, and what later ones changed of it."""
    mine = (row["source"], row["id"])
    rows = []
    for change in changes(events):
        by, stated = (change.by.source, change.by.id), change.stated_by and (change.stated_by.source, change.stated_by.id)
        if mine in (by, stated):
            rows.append(
                {
                    "field": change.field,
                    "before": change.before,
                    "after": change.after,
                    "by": {"source": change.by.source, "id": change.by.id},
                    "of": {"source": change.stated_by.source, "id": change.stated_by.id} if change.stated_by else None,
                    "time": _moment(change.time),
                    "reason": change.reason,
                }
            )
    return rows


def _incident(trace: Trace, whole: Incident) -> Row:
    row: Row = trace.incident or {}
    mine = f"{trace.event['source']} {trace.event['id']}"
    arrived_with = next((version["version"] for version in trace.versions if mine in version["events"]), None)
    return {
        "incident": row["subject"],
        "version": row["version"],
        **{name: row[name] for name in ("outcome", "machine_outcome", "clauses", "article39", "side", "province", "status")},
        "owner": whole.owner,
        "reinstated": whole.reinstatement_reason,
        **{name: row[name] for name in ("complete", "retracted", "assessed", "judge_failed", "rule_pack", "judge_version")},
        "findings": row["findings"],
        "versions": [
            {
                "version": version["version"],
                "recorded_at": _moment(version["recorded_at"]),
                "outcome": version["outcome"],
                "rule_pack": version["rule_pack"],
                "holds_this_event": arrived_with is not None and arrived_with <= version["version"],
            }
            | ({"rejudged": version["reason"]} if version["reason"] else {})
            for version in trace.versions
        ],
    }


def _periods(event: object, whole: Incident | None) -> Row:
    """The periods it happened in: of the incident where it belongs to one."""
    start = whole.occurred.start if whole and whole.occurred else None
    if start is None and isinstance(event, Crossed | PostSaid):
        start = event.data.interval.start
    return {regime: list(periods_of(day_of(start), regime)) for regime in Regime} if start else {}


def _figures(trace: Trace, whole: Incident | None) -> Row:
    """The figures its incident stands in, or why in none."""
    if whole is None or trace.incident is None:
        return {"counts": False, "why": "not_an_incident", "breach": []}
    row = trace.incident
    stored = Verdict(
        Outcome(row["machine_outcome"]), row["rule_pack"], row["judge_version"], _FINDINGS.decode(msgspec.json.encode(row["findings"]))
    )
    breach = breach_of(whole, stored)
    if breach is None:
        return {"counts": False, "why": _why(whole, stored), "unit": unit_of(whole), "breach": []}
    standing = [figure._asdict() for figure in figures_of(breach)]
    return {"counts": True, "why": "breach", "unit": breach.unit, "breach": standing}


def _why(whole: Incident, verdict: Verdict) -> str:
    if not whole.complete:
        return "incomplete"
    if whole.retracted:
        return "retracted"
    return f"status_{whole.status}" if whole.status is not Status.ACTUAL else str(effective(whole, verdict).outcome)


def _count(row: Row) -> Row:
    wanted = ("gate", "direction", "what", "unit", "nationality", "status", "stated_source", "stated_id")
    times = {name: _moment(row[name]) for name in ("interval_start", "interval_end", "recorded_at")}
    corrected = {"superseded_at": _moment(row["superseded_at"])} if row["superseded_at"] else {}
    n = row["n"]
    return {name: row[name] for name in wanted} | {"n": int(n) if n == n.to_integral_value() else float(n)} | times | corrected


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(HANOI).isoformat()
