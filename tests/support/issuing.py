"""Reports issued in tests: each letter under the next free number, every warning accepted."""

import itertools
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from agreement.periods import Period
from reports.build import build
from reports.issued import IssuedReport
from reports.issuing import ACCEPTED_BY_CODE, issue
from reports.letter import Letterhead, letter, letterhead_of
from reports.model import Accepted, Report
from reports.units import Unit
from sinks.postgres.clock import as_of_now

OFFICE = "so-ngoai-vu-lang-son"
REASON = "đã hỏi lại các đồn"
_NUMBERS = itertools.count(1)


def issued(engine: Engine, unit: Unit, period: Period, *, as_of: datetime | None = None, **options: Any) -> IssuedReport:
    """Build and issue a report, as known now unless a moment is given. `options`: of `build`."""
    return issued_as_built(engine, build(engine, unit, period, as_of or as_of_now(engine), **options))


def issued_as_built(engine: Engine, report: Report) -> IssuedReport:
    """Issue a report that was built before."""
    opens = report.end.date()
    days = {"closed_on": report.span.start.date(), "today": opens}
    written = letter(letterhead_of(OFFICE, Letterhead()), str(next(_NUMBERS)), opens, **days)
    accepted = tuple(Accepted(code=code, reason=REASON) for code in ACCEPTED_BY_CODE)
    return issue(engine, report, by=OFFICE, letter=written, accepted=accepted)


def act(number: int) -> tuple[str, ...]:
    """The options with which `mocgioi report issue` asks nothing."""
    accepts = (option for code in ACCEPTED_BY_CODE for option in ("--accept", f"{code}={REASON}"))
    return ("--by", OFFICE, "--number", str(number), "--yes", *accepts)
