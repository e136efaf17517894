"""Reports as they were issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, select, text

from agreement.periods import Period
from reports.model import Report
from reports.units import Unit
from sinks.postgres.tables import issued_document, issued_report

_ESTIMATING = """
SELECT report FROM issued_report WHERE unit = :unit AND regime = :regime AND issued_at <= :as_of
    AND EXISTS (SELECT FROM json_array_elements(report -> 'estimates') AS estimate WHERE estimate ->> 'period' = :period)
ORDER BY issued_at DESC
"""


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """An issued report."""

    report: Report
    issued_at: datetime
    new: bool
    """Whether it was issued just now. False: nothing has moved since the version before."""


@dataclass(frozen=True, slots=True)
class IssuedVersion:
    """An issued version, for a list."""

    unit: str
    regime: str
    period: str
    version: int
    number: int
    as_of: datetime
    issued_at: datetime
    issued_by: str
    data_sha256: str
    letter: str | None
    """The number of its letter; None: issued before letters were kept."""
    dated: str | None
    """The letter's day, ISO."""


def newest(connection: Connection, unit: Unit, period: Period, version: int | None = None) -> IssuedReport | None:
    """The newest issued version of a report, or the given one."""
    query = select(issued_report.c.report, issued_report.c.issued_at).where(*_of(issued_report, unit, period, version))
    row = connection.execute(query.order_by(issued_report.c.version.desc()).limit(1)).first()
    return None if row is None else IssuedReport(Report.model_validate(row.report), row.issued_at, new=False)


def document(connection: Connection, unit: Unit, period: Period, form: str, version: int | None = None) -> bytes | None:
    """A document of an issued report, byte by byte as it was issued; of the newest version unless one is named."""
    query = select(issued_document.c.content).where(*_of(issued_document, unit, period, version), issued_document.c.format == form)
    content: bytes | None = connection.execute(query.order_by(issued_document.c.version.desc()).limit(1)).scalar()
    return content


def every(connection: Connection) -> list[IssuedVersion]:
    """All issued versions, the newest first."""
    letter = {"letter": issued_report.c.report[("letter", "number")], "dated": issued_report.c.report[("letter", "dated")]}
    columns = [letter[name].as_string() if name in letter else issued_report.c[name] for name in IssuedVersion.__dataclass_fields__]
    rows = connection.execute(select(*columns).order_by(issued_report.c.issued_at.desc(), issued_report.c.number.desc()))
    return [IssuedVersion(*row) for row in rows]


def estimating(connection: Connection, unit: Unit, period: Period, as_of: datetime) -> Sequence[Report]:
    """The reports that estimated this period and were issued by then, the latest first."""
    given = {"unit": unit.code, "regime": period.regime, "period": period.id, "as_of": as_of}
    return [Report.model_validate(row.report) for row in connection.execute(text(_ESTIMATING), given)]


def _of(table: Table, unit: Unit, period: Period, version: int | None) -> list[ColumnElement[bool]]:
    """The versions of a report in a table, or one of them."""
    wanted = {"unit": unit.code, "regime": period.regime, "period": period.id} | ({} if version is None else {"version": version})
    return [table.c[name] == value for name, value in wanted.items()]
