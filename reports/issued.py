"""Reports that are out, as they were issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, text

from agreement.periods import Period
from reports.model import Report
from reports.units import Unit
from sinks.postgres.tables import issued_document, issued_report

_ESTIMATING = """
SELECT report FROM issued_report WHERE unit = :unit AND regime = :regime AND issued_at <= :as_of
    AND EXISTS (SELECT FROM json_array_elements(report -> 'estimates') AS one WHERE one ->> 'period' = :period)
ORDER BY issued_at DESC
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that is out."""

    report: Report
    issued_at: datetime
    new: bool
    """Made just now. False: the version before still says all there is to say."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of what was issued."""

    unit: str
    regime: str
    period: str
    version: int
    number: int
    as_of: datetime
    issued_at: datetime
    issued_by: str
    data_sha256: str


def newest(connection: Connection, unit: Unit, period: Period, version: int | None = None) -> Issued | None:
    """The newest version of a report that was issued, or the one asked for."""
    query = (
        select(issued_report.c.report, issued_report.c.issued_at)
        .where(*_of(unit, period))
        .order_by(issued_report.c.version.desc())
        .limit(1)
    )
    if version is not None:
        query = query.where(issued_report.c.version == version)
    row = connection.execute(query).first()
    return None if row is None else Issued(Report.model_validate(row.report), row.issued_at, new=False)


def document(connection: Connection, unit: Unit, period: Period, form: str, version: int | None = None) -> bytes | None:
    """A document of an issued report, byte by byte as it went out; of the newest version unless one is named. None where there is none."""
    query = select(issued_document.c.content).where(
        issued_document.c.unit == unit.code,
        issued_document.c.regime == period.regime,
        issued_document.c.period == period.id,
        issued_document.c.format == form,
    )
    if version is not None:
        query = query.where(issued_document.c.version == version)
    content: bytes | None = connection.execute(query.order_by(issued_document.c.version.desc()).limit(1)).scalar()
    return content


def every(connection: Connection) -> list[Listed]:
    """All that was issued, the newest first."""
    columns = [issued_report.c[name] for name in Listed.__dataclass_fields__]
    return [
        Listed(*row)
        for row in connection.execute(select(*columns).order_by(issued_report.c.issued_at.desc(), issued_report.c.number.desc()))
    ]


def estimating(connection: Connection, unit: Unit, period: Period, as_of: datetime) -> Sequence[Report]:
    """The reports that reckoned forward to this period and were out by then, the latest first."""
    given = {"unit": unit.code, "regime": period.regime, "period": period.id, "as_of": as_of}
    return [Report.model_validate(row.report) for row in connection.execute(text(_ESTIMATING), given)]


def _of(unit: Unit, period: Period) -> tuple[ColumnElement[Any], ...]:
    return (issued_report.c.unit == unit.code, issued_report.c.regime == period.regime, issued_report.c.period == period.id)
