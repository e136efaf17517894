"""What a person should know of the incidents counted: how they were judged, which of their facts are missing, which clocks were off."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from border.vietnam import HANOI
from reports.audit.recount import Recounted
from reports.model import Check, Severity
from schemas.codebook import Outcome
from schemas.codebook_entries import facts
from schemas.validation import MAX_AHEAD
from texts.wording import padded

VERY_LATE = timedelta(days=3)
"""From when a post learnt of an incident until it wrote its first event of it."""
_SHOWN = 5


def judging(counted: Sequence[Recounted], torn: Iterable[str]) -> Iterable[Check]:
    """Failed judges, facts that are missing or came after an officer's finding, and verdicts that are kept from earlier rules."""
    yield from _failed(counted)
    if open_ones := [one for one in counted if one.effective.outcome is Outcome.NEEDS_FACTS]:
        told = "; ".join(f"{one.subject} (thiếu: {_missing(one)})" for one in open_ones[:_SHOWN])
        message = f"{padded(len(open_ones))} vụ chưa kết luận được vì thiếu dữ kiện, có thể là vi phạm: {told}{_more(open_ones)}"
        yield _review("needs_facts", message, open_ones)
    if later := [one for one in counted if one.incident.facts_after_assessment]:
        message = f"{padded(len(later))} vụ có thêm dữ kiện sau khi cán bộ kết luận; kết luận vẫn được tính, cần xem lại: {_names(later)}"
        yield _review("facts_after_assessment", message, later)
    if kept := [one for one in counted if one.kept and not one.judge_failed]:
        packs = ", ".join(sorted({f"{one.verdict.rule_pack}/{one.verdict.judge_version}" for one in kept}))
        message = f"{padded(len(kept))} vụ giữ kết luận theo bộ quy tắc của lúc ghi nhận ({packs}), khi đối chiếu không xét lại theo quy tắc hiện nay"
        yield Check(code="earlier_rules", severity=Severity.NOTE, message=message, subjects=tuple(one.subject for one in kept))
    if half := sorted({one.subject for one in counted}.intersection(torn)):
        message = f"Thời điểm chốt rơi đúng lúc đang ghi tin của {padded(len(half))} vụ; các tin ấy chưa được tính, như trong hồ sơ"
        yield Check(code="moment_torn", severity=Severity.NOTE, message=message, subjects=tuple(half))


def incident_clocks(counted: Sequence[Recounted], closes: datetime) -> Iterable[Check]:
    """Events from clocks that were ahead, events recorded after the period's cut-off, incidents told of long after they were known."""
    ahead = [(one, arrival) for one in counted for arrival in one.arrivals if arrival.event.time > arrival.received_at + MAX_AHEAD]
    if ahead:
        worst = max(arrival.event.time - arrival.received_at for _, arrival in ahead)
        cases = sorted({one.subject for one, _ in ahead})
        message = (
            f"{padded(len(ahead))} tin của {padded(len(cases))} vụ có giờ lập sau giờ nhận quá 15 phút (nhiều nhất {_span(worst)}): "
            f"đồng hồ máy gửi sai, thứ tự tin và kỳ báo cáo có thể sai"
        )
        yield Check(code="clock_skew", severity=Severity.REVIEW, message=message, subjects=tuple(cases))
    late = [one for one in counted if any(arrival.recorded_at >= closes for arrival in one.arrivals)]
    if late:
        new = sum(1 for one in late if all(arrival.recorded_at >= closes for arrival in one.arrivals))
        message = (
            f"{padded(len(late))} vụ có tin ghi nhận sau mốc chốt kỳ ({closes.astimezone(HANOI):%H:%M ngày %d/%m/%Y}): "
            f"{padded(new)} vụ báo muộn, {padded(len(late) - new)} vụ được bổ sung, đính chính"
        )
        yield Check(code="late_events", severity=Severity.NOTE, message=message, subjects=tuple(one.subject for one in late))
    slow = [one for one in counted if one.incident.known_at is not None and one.incident.first_time - one.incident.known_at > VERY_LATE]
    if slow:
        message = f"{padded(len(slow))} vụ được lập tin quá {padded(VERY_LATE.days)} ngày sau khi đồn biết: {_names(slow)}"
        yield Check(code="told_late", severity=Severity.NOTE, message=message, subjects=tuple(one.subject for one in slow))


def _failed(counted: Sequence[Recounted]) -> Iterable[Check]:
    """An incident no rule could judge may be counted wrongly: an error until an officer's finding decides it."""
    failed = [one for one in counted if one.judge_failed]
    decided = [one for one in failed if one.incident.assessment is not None and one.incident.assessment.outcome is not None]
    undecided = [one for one in failed if one not in decided]
    if undecided:
        message = f"{padded(len(undecided))} vụ không xét được do lỗi quy tắc, đang tính theo kết luận cũ; cần cán bộ kết luận: {_names(undecided)}"
        yield Check(code="judge_failed", severity=Severity.ERROR, message=message, subjects=tuple(one.subject for one in undecided))
    if decided:
        message = f"{padded(len(decided))} vụ không xét được do lỗi quy tắc, tính theo kết luận của cán bộ: {_names(decided)}"
        yield _review("judge_failed", message, decided)


def _missing(one: Recounted) -> str:
    names = dict.fromkeys(name for finding in one.verdict.findings if not finding.shadow for name in finding.missing)
    return ", ".join(facts()[name].label.vi if name in facts() else name for name in names) or "theo kết luận của cán bộ"


def _names(incidents: Sequence[Recounted]) -> str:
    return ", ".join(one.subject for one in incidents[:_SHOWN]) + _more(incidents)


def _more(incidents: Sequence[Recounted]) -> str:
    return ", …" if len(incidents) > _SHOWN else ""


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} giờ {minutes % 60:02d} phút" if minutes >= 60 else f"{minutes} phút"


def _review(code: str, message: str, incidents: Sequence[Recounted]) -> Check:
    return Check(code=code, severity=Severity.REVIEW, message=message, subjects=tuple(one.subject for one in incidents))
