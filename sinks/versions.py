"""One version of an incident: what the record says of it after some event, as a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

import msgspec
from pydantic import TypeAdapter

from agreement.effective import effective
from agreement.incident import Incident, fold
from agreement.judge import JUDGE_VERSION, RuleCrash, judge
from agreement.packs import day_of, in_force
from agreement.unit import unit_of
from schemas.codebook import Outcome
from schemas.events import IncidentEvent
from schemas.verdicts import Finding, Verdict
from sinks.arrivals import findings_json
from sinks.copying import small_array, text_array

_INCIDENT = TypeAdapter(Incident)
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Version:
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
        return cls(*values, folded.encode(), findings.encode(), events.encode())

    @property
    def verdict(self) -> Verdict:
        """The machine's verdict this version holds."""
        return Verdict(Outcome(self.machine_outcome), self.rule_pack, self.judge_version, _FINDINGS.decode(self.findings))


def version_of(events: Sequence[IncidentEvent], given: Verdict, last: Version | None = None) -> Version:
    """Fold the events of one subject and judge the whole. Pure.

    `given` is what classify said of the (first) event: it stands where that event is all there is and no rule has changed since. When a rule
    crashes the incident keeps its last verdict, else the given one, and says so.
    """
    incident = fold(events)
    pack = in_force(day_of(incident.occurred.start if incident.occurred else incident.first_told))
    if len(events) == 1 and incident.complete and (given.rule_pack, given.judge_version) == (pack.id, JUDGE_VERSION):
        return _version(incident, given)
    try:
        return _version(incident, judge(incident, pack))
    except RuleCrash:
        return replace(_version(incident, last.verdict if last else given), judge_failed=True)


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
        folded=_INCIDENT.dump_json(incident, exclude={"events"}),
        findings=findings_json(verdict.findings),
        events=_encoder.encode([{"source": ref.source, "id": ref.id} for ref in incident.events]),
    )
