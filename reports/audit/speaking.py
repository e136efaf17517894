"""Who spoke of the incidents counted: events without effect, second reports that no office has settled, sources the register does not know."""

from collections.abc import Iterable, Sequence

from agreement.incident import fold
from agreement.packs import day_of
from agreement.periods import Period
from agreement.speakers import WHY_LABELS, is_registered
from agreement.unit import unit_of
from reports.audit.naming import some
from reports.audit.rebuilding import RebuiltIncident
from reports.figures.counted import is_of
from reports.model import Check, Severity
from reports.units import Unit
from schemas.codebook import Status
from schemas.events import Reported
from texts.wording import padded


def speaking(incidents: Iterable[RebuiltIncident], counted: Sequence[RebuiltIncident], period: Period, unit: Unit) -> Iterable[Check]:
    """All of them. `incidents`: also those that do not count, since a second report may be of another unit or period than the first."""
    ours = {incident.subject for incident in counted}
    unsettled = {
        incident.subject: ", ".join(report.source for report in reports)
        for incident in incidents
        if (reports := _second_reports(incident))
        and (incident.subject in ours or any(_is_ours(report, period, unit) for report in reports))
    }
    if unsettled:
        named = some([f"{subject} ({sources})" for subject, sources in unsettled.items()], between="; ")
        message = (
            f"{padded(len(unsettled))} vụ có báo cáo thứ hai của đơn vị khác dưới cùng mã, có thể là một vụ riêng chưa được tính; "
            f"cơ quan cần xử lý (`mocgioi incidents conflicts settle`): {named}"
        )
        yield Check(code="second_report", severity=Severity.ERROR, message=message, subjects=tuple(unsettled))
    if unheard := {incident.subject: reasons for incident in counted if (reasons := _without_effect(incident))}:
        named = some([f"{subject} ({'; '.join(reasons)})" for subject, reasons in unheard.items()], between="; ")
        message = f"{padded(len(unheard))} vụ có tin không có hiệu lực, không làm thay đổi số liệu: {named}"
        yield Check(code="without_effect", severity=Severity.REVIEW, message=message, subjects=tuple(unheard))
    if unknown := {incident.subject: sources for incident in counted if (sources := _unknown_sources(incident))}:
        named = some(sorted(set().union(*unknown.values())), between="; ")
        message = f"{padded(len(unknown))} vụ có tin của đồn, cơ quan không có trong danh bạ: {named}"
        yield Check(code="unknown_source", severity=Severity.NOTE, message=message, subjects=tuple(unknown))


def _is_ours(report: Reported, period: Period, unit: Unit) -> bool:
    """Whether a report, were it an incident of its own, would count for the unit and period."""
    alone = fold([report])
    occurred = report.data.occurred.start
    return alone.status is Status.ACTUAL and period.start <= occurred < period.end and is_of(unit_of(alone), unit)


def _second_reports(incident: RebuiltIncident) -> list[Reported]:
    reports = {(event.source, event.id): event for event in incident.events if isinstance(event, Reported)}
    return [reports[ref.source, ref.id] for ref in incident.incident.second_reports]


def _without_effect(incident: RebuiltIncident) -> list[str]:
    """Whose events have none, and why. Second reports are left to the other check, until an office has answered them."""
    reports = {(event.source, event.id) for event in incident.events if isinstance(event, Reported)}
    refs = [ref for ref in incident.incident.without_effect if (ref.source, ref.id) not in reports]
    return list(dict.fromkeys(f"{ref.source}: {WHY_LABELS[ref.why].vi}" for ref in refs))


def _unknown_sources(incident: RebuiltIncident) -> set[str]:
    return {event.source for event in incident.events if not is_registered(event.source, day_of(event.time))}
