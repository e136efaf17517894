"""Options that the commands on reports share, and what they are read into."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agreement.periods import Regime

if TYPE_CHECKING:
    from agreement.periods import Period
    from reports.units import Unit
    from sinks.postgres.engine import Engine

OFFICE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UnitName = Annotated[str, typer.Option("--unit", metavar="UNIT", help="tỉnh, all hoặc none · province, all or none")]
PeriodName = Annotated[str, typer.Option("--period", metavar="PERIOD", help="kỳ · 2019, 2019Q4, 2019H1, 2019-10, 2019M9, 2018..2020")]
RegimeName = Annotated[Regime, typer.Option("--regime", metavar="REGIME", help="cách chốt số liệu · nd09 (15 → 14), calendar")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="T", help="như đã biết vào lúc · as known then: 2019-12-14 (hết ngày · its end) or 2019-12-14T23:59:59+07:00"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]


def chosen(unit: str, period: str, regime: Regime) -> "tuple[Unit, Period]":
    """The unit and period meant; leaves with exit code 2 where there is none such."""
    from agreement.periods import Period, UnknownPeriod
    from mocgioi.views.output import USAGE, fail
    from reports.units import UnknownUnit, unit_named

    try:
        span = Period.parse(period, regime)
        return unit_named(unit, span), span
    except (UnknownPeriod, UnknownUnit) as wrong:
        fail("period" if isinstance(wrong, UnknownPeriod) else "unit", str(wrong), USAGE)


def moment(engine: "Engine", as_of: str | None) -> datetime:
    """The moment of the record that is asked for: now, where none is given or it is still to come."""
    from mocgioi.commands.moment_options import moment_of
    from sinks.postgres.clock import as_of_now

    then, now = moment_of(as_of), as_of_now(engine)
    return now if then is None else min(then, now)


def office(slug: str) -> str:
    """The slug of an office; leaves with exit code 2 where it is none. Never a person's name."""
    from mocgioi.views.output import USAGE, fail

    if not OFFICE.fullmatch(slug):
        fail("usage", f"cơ quan {slug!r}: chỉ chữ thường, số, gạch nối · lower case, digits, hyphens: so-ngoai-vu-lang-son", USAGE)
    return slug
