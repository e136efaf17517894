"""Issue a report: freeze it, with its documents. What was issued never changes; when the record has, a next version says what moved and why."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, text

from agreement.periods import Period
from reports.audit.audit import audit
from reports.build import LEAST_SHOWN, drawn
from reports.documents import Format, render
from reports.issued import Issued, newest
from reports.model import Check, Report, Severity
from reports.moving import moved
from reports.units import Unit
from sinks.clock import stamped
from sinks.engine import away_is_unavailable
from sinks.tables import issued_document, issued_report


class NotReleasable(Exception):
    """The report does not add up, or its period has not ended: it is not issued."""

    def __init__(self, errors: tuple[Check, ...]) -> None:
        super().__init__("; ".join(check.message for check in errors))
        self.errors = errors


def issue(
    engine: Engine, unit: Unit, period: Period, as_of: datetime, *, by: str, estimate: Period | None = None, least_shown: int = LEAST_SHOWN
) -> Issued:
    """Freeze the report as known at `as_of`, with all its documents, as the next version. Again, with nothing moved, is nothing new.

    `by`: the office that signs. `estimate`: a longer period to reckon forward to. Raises `NotReleasable`, `NotEstimable`, `Unavailable`.
    """
    with away_is_unavailable(), engine.begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{unit.code}/{period.regime}/{period.id}"}
        )
        report = drawn(connection, unit, period, as_of, least_shown=least_shown, estimate=estimate)
        report = report.model_copy(update={"checks": (*report.checks, *audit(connection, report)), "issued_by": by})
        _refuse(report)
        last = newest(connection, unit, period)
        if last is not None and (last.report.data_sha256, last.report.estimates) == (report.data_sha256, report.estimates):
            return last
        changes = {"version": 1} if last is None else {"version": _next(last), "moved": moved(connection, last.report, report)}
        report = report.model_copy(update=changes)
        return Issued(report, _keep(connection, report), new=True)


def _refuse(report: Report) -> None:
    errors = tuple(check for check in report.checks if check.severity is Severity.ERROR or check.code == "period_open")
    if errors:
        raise NotReleasable(errors)


def _next(last: Issued) -> int:
    return (last.report.version or 0) + 1


def _keep(connection: Connection, report: Report) -> datetime:
    key = {"unit": report.unit, "regime": report.regime, "period": report.period, "version": report.version}
    documents = {form: render(report, form) for form in Format}
    now = stamped(connection)
    row = {"as_of": report.as_of, "issued_by": report.issued_by, "data_sha256": report.data_sha256, "issued_at": now}
    connection.execute(insert(issued_report).values(**key, **row, report=report.model_dump(mode="json")))
    for form, content in documents.items():
        connection.execute(insert(issued_document).values(**key, format=form, content=content, sha256=hashlib.sha256(content).hexdigest()))
    return now
