"""An event's whole life, put together from the record: for people and as JSON."""

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

Told = dict[str, Any]


def of(found: Trace) -> Told:
    """The whole life of an event, as JSON has it."""
    row = found.event
    event = read(row["body"].encode())
    siblings = _incident_events(found.siblings)
    whole = fold(siblings) if siblings else None
    kind = event.data.kind if isinstance(event, Reported) else None
    verdicts = [_verdict(one, kind) for one in found.verdicts]
    return {
        "event": {name: row[name] for name in ("id", "source", "subject", "type", "sequence")}
        | way_of(row["body"])
        | {"body": json.loads(row["body"])},
        "clocks": _clocks(row, event),
        "origin": {name: row[name] for name in ("log", "topic", "partition", "offset")},
        "verdicts": verdicts,
        "missing": {
            "then": verdicts[0]["missing"] if verdicts else [],
            "now": _missing(found.incident["findings"]) if found.incident else [],
        },
        "without_effect": _without_effect(whole, row) if whole else None,
        "changes": _changes(siblings, row) if siblings else [],
        "corrected_by": [{"source": one["source"], "id": one["id"], "time": _moment(one["time"])} for one in found.corrections],
        "crossing_counts": [_count(one) for one in found.counts],
        "conflicts": [{**one, "recorded_at": _moment(one["recorded_at"])} for one in found.conflicts],
        "incident": _incident(found, whole) if found.incident and whole else None,
        "periods": _periods(event, whole),
        "figures": _figures(found, whole),
    }


def _clocks(row: Told, event: object) -> Told:
    said = event.data if isinstance(event, Reported | Updated) else None
    interval = event.data.interval if isinstance(event, Crossed | PostSaid) else None
    occurred = said.occurred.model_dump(mode="json", exclude_none=True) if said and said.occurred else None
    return {
        "occurred": occurred or (interval.model_dump(mode="json") if interval else None),
        "known_at": _moment(said.known_at) if said and said.known_at else None,
        "time": _moment(row["time"]),
        "received_at": _moment(row["received_at"]),
        "recorded_at": _moment(row["recorded_at"]),
    }


def _verdict(row: Told, kind: Kind | None) -> Told:
    """A verdict with every rule that looked, the silent ones too where its pack is still known."""
    findings = row["findings"]
    try:
        looking = pack_named(row["rule_pack"]).by_kind[kind].rules if kind is not None else ()
    except UnknownPack:
        looking = ()
    spoke = {finding["rule_id"] for finding in findings}
    silent = [rule.id for rule in looking if rule.id not in spoke]
    return {
        "rule_pack": row["rule_pack"],
        "judge_version": row["judge_version"],
        "outcome": row["outcome"],
        "recorded_at": _moment(row["recorded_at"]),
        "findings": findings,
        "silent": silent,
        "missing": _missing(findings),
    }


def _missing(findings: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(name for finding in findings for name in finding["missing"] if not finding.get("shadow")))


def _incident_events(bodies: Iterable[str]) -> list[IncidentEvent]:
    events = (read(body.encode()) for body in bodies)
    return [event for event in events if isinstance(event, IncidentEvent)]


def _without_effect(whole: Incident, row: Told) -> Told | None:
    """Why this event changes nothing; None where it has effect."""
    return next((reason(ref) for ref in whole.without_effect if (ref.source, ref.id) == (row["source"], row["id"])), None)


def _changes(events: list[IncidentEvent], row: Told) -> list[Told]:
    """What this event changed, and what later ones changed of it."""
    mine = (row["source"], row["id"])
    found = []
    for one in changes(events):
        by, stated = (one.by.source, one.by.id), one.stated_by and (one.stated_by.source, one.stated_by.id)
        if mine in (by, stated):
            found.append(
                {
                    "field": one.field,
                    "before": one.before,
                    "after": one.after,
                    "by": {"source": one.by.source, "id": one.by.id},
                    "of": {"source": one.stated_by.source, "id": one.stated_by.id} if one.stated_by else None,
                    "time": _moment(one.time),
                    "reason": one.reason,
                }
            )
    return found


def _incident(found: Trace, whole: Incident) -> Told:
    row: Told = found.incident or {}
    mine = f"{found.event['source']} {found.event['id']}"
    arrived_with = next((one["version"] for one in found.versions if mine in one["events"]), None)
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
                "version": one["version"],
                "recorded_at": _moment(one["recorded_at"]),
                "outcome": one["outcome"],
                "rule_pack": one["rule_pack"],
                "holds_this_event": arrived_with is not None and arrived_with <= one["version"],
            }
            | ({"rejudged": one["reason"]} if one["reason"] else {})
            for one in found.versions
        ],
    }


def _periods(event: object, whole: Incident | None) -> Told:
    """The periods it happened in: of the incident where it belongs to one."""
    start = whole.occurred.start if whole and whole.occurred else None
    if start is None and isinstance(event, Crossed | PostSaid):
        start = event.data.interval.start
    return {regime: list(periods_of(day_of(start), regime)) for regime in Regime} if start else {}


def _figures(found: Trace, whole: Incident | None) -> Told:
    """The figures its incident stands in, or why in none."""
    if whole is None or found.incident is None:
        return {"counts": False, "why": "not_an_incident", "breach": []}
    row = found.incident
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


def _count(row: Told) -> Told:
    wanted = ("gate", "direction", "what", "unit", "nationality", "status", "stated_source", "stated_id")
    moments = {name: _moment(row[name]) for name in ("interval_start", "interval_end", "recorded_at")}
    corrected = {"superseded_at": _moment(row["superseded_at"])} if row["superseded_at"] else {}
    n = row["n"]
    return {name: row[name] for name in wanted} | {"n": int(n) if n == n.to_integral_value() else float(n)} | moments | corrected


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(HANOI).isoformat()
