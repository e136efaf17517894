"""One version of an incident: what the record says of it after some event, as a row."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple, Self

import msgspec
import orjson
import structlog

from agreement.effective import effective
from agreement.incident import Incident, fold
from agreement.judge import JUDGE_VERSION, RuleCrash, judge
from agreement.packs import Pack, day_of, in_force
from agreement.speakers import unit_of_source
from agreement.unit import unit_of
from schemas.codebook import Outcome
from schemas.events import IncidentEvent, Reported
from schemas.notices import EventRef
from schemas.verdicts import Finding, Verdict
from sinks.arrivals import findings_json
from sinks.copying import small_array, text_array

log = structlog.get_logger(__name__)

_FOLDED = tuple(field.name for field in fields(Incident) if field.name != "events")
_values = attrgetter(*_FOLDED)
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_encoder = msgspec.json.Encoder()


class Version(NamedTuple):
    """The columns of `incident_version` after subject, version and recorded_at, in their order."""

    complete: bool
    retracted: bool
    kind: str | None
    status: str | None
    occurred_start: datetime | None
    occurred_precision: str | None
    side: str | None
    province: str | None
    outcome: str
    clauses: tuple[str, ...]
    article39: tuple[int, ...]
    markers: tuple[str, ...]
    machine_outcome: str
    assessed: bool
    facts_after_assessment: bool
    judge_failed: bool
    rule_pack: str
    judge_version: int
    folded: bytes
    findings: bytes
    events: bytes

    def row(self, subject: str, version: int, recorded_at: datetime) -> tuple[Any, ...]:
        """The whole row, as COPY wants it."""
        return (
            *(subject, version, recorded_at, self.complete, self.retracted, self.kind, self.status),
            *(self.occurred_start, self.occurred_precision, self.side, self.province, self.outcome),
            *(text_array(self.clauses), small_array(self.article39), text_array(self.markers), self.machine_outcome),
            *(self.assessed, self.facts_after_assessment, self.judge_failed, self.rule_pack, self.judge_version),
            *(self.folded, self.findings, self.events),
        )

    @classmethod
    def stored(cls, row: Sequence[Any]) -> Self:
        """From the stored columns, arrays as lists and JSON as text."""
        *plain, folded, findings, events = row
        values = [tuple(value) if isinstance(value, list) else value for value in plain]
        return cls(*values, folded.encode(), findings.encode(), events.encode())  # type: ignore[call-arg,arg-type]  # in their order

    @property
    def verdict(self) -> Verdict:
        """The machine's verdict this version holds."""
        return Verdict(Outcome(self.machine_outcome), self.rule_pack, self.judge_version, _FINDINGS.decode(self.findings))


def version_of(events: Sequence[IncidentEvent], given: Verdict, last: Version | None = None) -> Version:
    """Fold the events of one subject and judge the whole. Pure.

    `given` is what classify said of the (first) report: it stands where that is all there is and no rule has changed since. When a rule
    crashes the incident keeps its last verdict, else the given one, and says so.
    """
    only = events[0]
    if len(events) == 1 and isinstance(only, Reported):
        incident = alone(only)
        if (given.rule_pack, given.judge_version) == (pack_of(incident).id, JUDGE_VERSION):
            return _version(incident, given)
    return _judged(fold(events), last.verdict if last else given)


def version_again(events: Sequence[IncidentEvent], stored: Version) -> Version:
    """The same version from the same events: judged again where its rules are those of today, under its own verdict where they are not."""
    incident = fold(events)
    if not stored.judge_failed and (stored.rule_pack, stored.judge_version) == (pack_of(incident).id, JUDGE_VERSION):
        return _judged(incident, stored.verdict)
    return _version(incident, stored.verdict)._replace(judge_failed=stored.judge_failed)


def rejudged(events: Sequence[IncidentEvent], stored: Version, pack: Pack) -> Version | None:
    """The version the same events make where a pack is in force on their day; None where it is not, or where its word stands already.

    Raises `RuleCrash`: whoever judges history again on purpose should know.
    """
    incident = fold(events)
    current = (stored.rule_pack, stored.judge_version) == (pack.id, JUDGE_VERSION) and not stored.judge_failed
    return None if current or pack_of(incident) is not pack else _version(incident, judge(incident, pack))


def _judged(incident: Incident, fallback: Verdict) -> Version:
    try:
        return _version(incident, judge(incident, pack_of(incident)))
    except RuleCrash as crash:
        log.exception("judge_failed", subject=incident.subject, rule=crash.rule_id)
        return _version(incident, fallback)._replace(judge_failed=True)


def pack_of(incident: Incident) -> Pack:
    """The pack in force when it occurred; while nobody said when, the one of the day it was first told."""
    return in_force(day_of(incident.occurred.start if incident.occurred else incident.first_told))


def alone(report: Reported) -> Incident:
    """The same as `fold` for a first report that is all there is, as most are for their whole life: in a quarter of the time."""
    said = report.data
    return Incident(
        subject=report.subject,
        kind=said.kind,
        status=said.status,
        occurred=said.occurred,
        known_at=said.known_at,
        place=said.place,
        side=said.side,
        direction=said.direction,
        measures=said.measures,
        facts=said.facts,
        handling=said.handling,
        confidence=said.confidence,
        text=said.text,
        attachments=said.attachments,
        complete=True,
        retracted=False,
        retraction_reason=None,
        reinstatement_reason=None,
        assessment=None,
        facts_after_assessment=False,
        owner=unit_of_source(report.source),
        reporter=report.source,
        first_told=report.time,
        last_told=report.time,
        events=(EventRef.model_construct(source=report.source, id=report.id),),
        without_effect=(),
        second_reports=(),
    )


def _version(incident: Incident, verdict: Verdict) -> Version:
    counted = effective(incident, verdict)
    return Version(
        complete=incident.complete,
        retracted=incident.retracted,
        kind=incident.kind,
        status=incident.status,
        occurred_start=incident.occurred.start if incident.occurred else None,
        occurred_precision=incident.occurred.precision if incident.occurred else None,
        side=counted.side,
        province=unit_of(incident),
        outcome=counted.outcome,
        clauses=counted.clauses,
        article39=counted.article39,
        markers=tuple(dict.fromkeys(marker for finding in verdict.findings for marker in finding.markers)),
        machine_outcome=verdict.outcome,
        assessed=counted.assessed,
        facts_after_assessment=incident.facts_after_assessment,
        judge_failed=False,
        rule_pack=verdict.rule_pack,
        judge_version=verdict.judge_version,
        folded=orjson.dumps(dict(zip(_FOLDED, _values(incident), strict=True)), default=vars),
        findings=findings_json(verdict.findings),
        events=_encoder.encode([{"source": ref.source, "id": ref.id} for ref in incident.events]),
    )
