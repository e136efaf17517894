"""What a person should know of the incidents counted: how they were judged, which of their facts are missing, which clocks were off."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from border.vietnam import HANOI
from reports.audit.naming import some
from reports.audit.rebuilding import RebuiltIncident
from reports.figures.rows import rule_packs
from reports.model import Check, Severity
from schemas.codebook import Outcome
from schemas.codebook_entries import facts
from schemas.validation import MAX_AHEAD
from texts.wording import padded

VERY_LATE = timedelta(days=3)
"""From the moment a post learnt of an incident until it minted its first event about it."""


def judging(counted: Sequence[RebuiltIncident], torn: Iterable[str]) -> Iterable[Check]:
    """Failed judges, facts that are missing or came after an officer's assessment, and verdicts that are kept from earlier rules."""
    yield from _failed(counted)
    if undecided := [incident for incident in counted if incident.state.outcome is Outcome.NEEDS_FACTS]:
        named = some([f"{incident.subject} (thiếu: {_missing(incident)})" for incident in undecided], between="; ")
        message = f"{padded(len(undecided))} vụ chưa kết luận được vì thiếu dữ kiện, có thể là vi phạm: {named}"
        yield _review("needs_facts", message, undecided)
    if later := [incident for incident in counted if incident.state.facts_after_assessment]:
        message = f"{padded(len(later))} vụ có thêm dữ kiện sau khi cán bộ kết luận; kết luận vẫn được tính, cần xem lại: {some(_subjects(later))}"
        yield _review("facts_after_assessment", message, later)
    if kept := [incident for incident in counted if not incident.is_judged_today and not incident.state.judge_failed]:
        packs = ", ".join(rule_packs(incident.row for incident in kept))
        message = f"{padded(len(kept))} vụ giữ kết luận theo bộ quy tắc của lúc ghi nhận ({packs}), khi đối chiếu không xét lại theo quy tắc hiện nay"
        yield Check(code="earlier_rules", severity=Severity.NOTE, message=message, subjects=_subjects(kept))
    if torn_here := sorted(set(_subjects(counted)).intersection(torn)):
        message = f"Thời điểm chốt rơi đúng lúc đang ghi tin của {padded(len(torn_here))} vụ; các tin ấy chưa được tính, như trong hồ sơ"
        yield Check(code="moment_torn", severity=Severity.NOTE, message=message, subjects=tuple(torn_here))


def incident_clocks(counted: Sequence[RebuiltIncident], closes: datetime) -> Iterable[Check]:
    """Events from clocks that were ahead, events recorded after the period's cut-off, incidents reported long after they were known."""
    ahead = [(incident, arrival) for incident in counted for arrival in incident.arrivals if arrival.time > arrival.received_at + MAX_AHEAD]
    if ahead:
        worst = max(arrival.time - arrival.received_at for _, arrival in ahead)
        subjects = sorted({incident.subject for incident, _ in ahead})
        message = (
            f"{padded(len(ahead))} tin của {padded(len(subjects))} vụ có giờ lập sau giờ nhận quá 15 phút (nhiều nhất {_span(worst)}): "
            f"đồng hồ máy gửi sai, thứ tự tin và kỳ báo cáo có thể sai"
        )
        yield Check(code="clock_skew", severity=Severity.REVIEW, message=message, subjects=tuple(subjects))
    late = [incident for incident in counted if any(arrival.recorded_at >= closes for arrival in incident.arrivals)]
    if late:
        new = sum(all(arrival.recorded_at >= closes for arrival in incident.arrivals) for incident in late)
        how = {"báo muộn": new, "được bổ sung, đính chính": len(late) - new}
        parts = ", ".join(f"{padded(n)} vụ {what}" for what, n in how.items() if n)
        message = f"{padded(len(late))} vụ có tin ghi nhận sau mốc chốt kỳ ({closes.astimezone(HANOI):%H:%M ngày %d/%m/%Y}): {parts}"
        yield Check(code="late_events", severity=Severity.NOTE, message=message, subjects=_subjects(late))
    slow = [
        incident
        for incident in counted
        if incident.incident.known_at is not None and incident.incident.first_time - incident.incident.known_at > VERY_LATE
    ]
    if slow:
        message = f"{padded(len(slow))} vụ được lập tin quá {padded(VERY_LATE.days)} ngày sau khi đồn biết: {some(_subjects(slow))}"
        yield Check(code="told_late", severity=Severity.NOTE, message=message, subjects=_subjects(slow))


def _failed(counted: Sequence[RebuiltIncident]) -> Iterable[Check]:
    """An incident no rule could judge may be counted wrongly: an error until an officer's assessment decides it."""
    failed = [incident for incident in counted if incident.state.judge_failed]
    decided = [incident for incident in failed if _is_decided(incident)]
    undecided = [incident for incident in failed if not _is_decided(incident)]
    if undecided:
        message = f"{padded(len(undecided))} vụ không xét được do lỗi quy tắc, đang tính theo kết luận cũ; cần cán bộ kết luận: {some(_subjects(undecided))}"
        yield Check(code="judge_failed", severity=Severity.ERROR, message=message, subjects=_subjects(undecided))
    if decided:
        message = f"{padded(len(decided))} vụ không xét được do lỗi quy tắc, tính theo kết luận của cán bộ: {some(_subjects(decided))}"
        yield _review("judge_failed", message, decided)


def _is_decided(incident: RebuiltIncident) -> bool:
    assessment = incident.incident.assessment
    return assessment is not None and assessment.outcome is not None


def _missing(incident: RebuiltIncident) -> str:
    names = dict.fromkeys(name for finding in incident.row.verdict.findings if not finding.shadow for name in finding.missing)
    return ", ".join(facts()[name].label.vi if name in facts() else name for name in names) or "theo kết luận của cán bộ"


def _subjects(incidents: Iterable[RebuiltIncident]) -> tuple[str, ...]:
    return tuple(incident.subject for incident in incidents)


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} giờ {minutes % 60:02d} phút" if minutes >= 60 else f"{minutes} phút"


def _review(code: str, message: str, incidents: Sequence[RebuiltIncident]) -> Check:
    return Check(code=code, severity=Severity.REVIEW, message=message, subjects=_subjects(incidents))
