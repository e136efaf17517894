"""The self-audit of a report before its release: every figure counted again from what the events make, and what a person has to look at.

Errors: figures that the events do not confirm, incidents that no rule could judge and no officer decided, second reports that no
office has settled. The order is fixed.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from reports.audit.crossings import crossings_by_events
from reports.audit.differences import crossing_differences, incident_differences, unaccounted
from reports.audit.duplicate_candidates import duplicate_candidates
from reports.audit.gates import gate_clocks, overlaps
from reports.audit.issued import issued_before
from reports.audit.judging import incident_clocks, judging
from reports.audit.posts import post_checks
from reports.audit.rebuilding import rebuilt_incidents
from reports.audit.sequences import same_sequence
from reports.audit.speaking import speaking
from reports.collector import collector_at_rest
from reports.figures.counted import counted_among
from reports.figures.scope import scope
from reports.model import Check, Report, Severity
from reports.units import unit_named
from texts.wording import padded

_AROUND = timedelta(days=1)
"""Incidents as near as this to the period's edges are read too: one that was reported twice may stand in two periods."""
_OPEN = {
    "open.dead_letters": "{} tin gửi đến không đọc được, chưa gửi lại",
    "open.conflicts": "{} tin mâu thuẫn đang để riêng",
    "open.corrections": "{} vụ có bổ sung, đính chính chờ xử lý",
}


@collector_at_rest()
def audit(connection: Connection, report: Report) -> tuple[Check, ...]:
    """What a person has to know before signing. Reads only, as the record knew it at the report's moment; the same again for the same moment."""
    return tuple(_checks(connection, report))


def _checks(connection: Connection, report: Report) -> Iterable[Check]:
    period = report.span
    unit = unit_named(report.unit, period)
    scoped = scope(connection, unit, report.as_of)
    rebuilt, torn = rebuilt_incidents(
        connection, period.start - _AROUND, period.end + _AROUND, report.as_of, also={row.subject for row in report.rows}
    )
    rows = counted_among((incident.row for incident in rebuilt), period, unit)
    subjects = {row.subject for row in rows}
    counted = [incident for incident in rebuilt if incident.subject in subjects]
    yield from incident_differences(report, rows)
    yield from crossing_differences(report, crossings_by_events(scoped, period))
    yield from unaccounted(counted)
    yield from issued_before(connection, report)
    yield from judging(counted, torn)
    yield from speaking(rebuilt, counted, period, unit)
    yield from incident_clocks(counted, period.end)
    yield from gate_clocks(connection, report, unit)
    yield from post_checks(connection, report, period)
    yield from _open(report)
    yield from same_sequence(connection, report)
    yield from overlaps(connection, report, unit)
    yield from duplicate_candidates(rebuilt, subjects)


def _open(report: Report) -> Iterable[Check]:
    """What waits in the record and may change the figures."""
    for figure_id, sentence in _OPEN.items():
        figure = report.figure(figure_id)
        if figure is not None and figure.value:
            message = f"Còn tồn đọng, có thể làm thay đổi số liệu: {sentence.format(padded(int(figure.value)))}"
            subjects = tuple(subject for subject in figure.subjects if isinstance(subject, str))
            yield Check(code=figure_id.replace(".", "_"), severity=Severity.REVIEW, message=message, subjects=subjects)
