"""Issue a report: freeze it, with its documents. What was issued never changes; when the record does, a next version says what moved and why."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, text

from agreement.periods import Period
from reports.audit.audit import audit
from reports.build import LEAST_SHOWN, drawn
from reports.documents import FORMATS, render
from reports.issued import IssuedReport, newest
from reports.model import Check, Report, Severity
from reports.revision import moved
from reports.units import Unit
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import issued_document, issued_report


class NotReleasable(Exception):
    """The report does not add up, or its period has not ended: it is not issued."""

    def __init__(self, errors: tuple[Check, ...]) -> None:
        super().__init__("; ".join(check.message for check in errors))
        self.errors = errors


def issue(
    engine: Engine, unit: Unit, period: Period, as_of: datetime, *, by: str, estimate: Sequence[Period] = (), least_shown: int = LEAST_SHOWN
) -> IssuedReport:
    """Freeze the report as known at `as_of`, with all its documents, as the next version. Where nothing has moved, the last version stays.

    `by`: the office that signs. `estimate`: longer periods to reckon forward to. Raises `NotReleasable`, `NotEstimable`, `Unavailable`.
    """
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{unit.code}/{period.regime}/{period.id}"}
        )
        report = drawn(connection, unit, period, as_of, least_shown=least_shown, estimate=estimate)
        report = report.model_copy(update={"checks": (*report.checks, *audit(connection, report)), "issued_by": by})
        if errors := tuple(check for check in report.checks if check.severity is Severity.ERROR or check.code == "period_open"):
            raise NotReleasable(errors)
        last = newest(connection, unit, period)
        if last is None:
            report = report.model_copy(update={"version": 1})
        elif _content(last.report) == _content(report):
            return last
        else:
            report = _next(connection, last.report, report)
        return IssuedReport(report, _keep(connection, report), new=True)


def _content(report: Report) -> tuple[object, ...]:
    """The parts of a report that a new version needs to differ in: figures, comparisons, estimates."""
    return report.data_sha256, report.comparisons, report.estimates


def _next(connection: Connection, last: Report, report: Report) -> Report:
    """The next version, with what moved. Raises `NotReleasable` if the last one was drawn up from a later state of the record."""
    version = last.version or 0
    if report.as_of < last.as_of:
        message = f"Bản {version} đã phát hành theo dữ liệu muộn hơn ({_moment(last)}); cần lập lại theo dữ liệu từ lúc đó trở đi"
        raise NotReleasable((Check(code="older_than_issued", severity=Severity.ERROR, message=message),))
    notes = []
    then = {comparison.figure: comparison for comparison in last.comparisons}
    compared = tuple(each.figure for each in report.comparisons if then.get(each.figure, each) != each)
    if compared:
        message = f"Số so sánh với cùng kỳ khác bản {version}, là số theo dữ liệu đến {_moment(last)}"
        notes.append(Check(code="comparison_moved", severity=Severity.NOTE, message=message, subjects=compared))
    if report.rule_packs != last.rule_packs:
        packs = " → ".join(", ".join(version.rule_packs) or "-" for version in (last, report))
        message = f"Vụ việc được xét theo bộ quy tắc khác bản {version}: {packs}; kết luận có thể thay đổi mà không có tin mới"
        notes.append(Check(code="rules_changed", severity=Severity.NOTE, message=message))
    return report.model_copy(update={"version": version + 1, "moved": moved(connection, last, report), "checks": (*report.checks, *notes)})


def _moment(report: Report) -> str:
    return f"{report.as_of:%H:%M ngày %d/%m/%Y}"


def _keep(connection: Connection, report: Report) -> datetime:
    key = {"unit": report.unit, "regime": report.regime, "period": report.period, "version": report.version}
    documents = {form: render(report, form) for form in FORMATS}
    now = stamped(connection)
    row = {"as_of": report.as_of, "issued_by": report.issued_by, "data_sha256": report.data_sha256, "issued_at": now}
    connection.execute(insert(issued_report).values(**key, **row, report=report.model_dump(mode="json")))
    for form, content in documents.items():
        connection.execute(insert(issued_document).values(**key, format=form, content=content, sha256=hashlib.sha256(content).hexdigest()))
    return now
