"""Options that several commands share, and what they are read into. What cannot be read is wrong usage: the command leaves with exit code 2."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from agreement.periods import Regime
from border.vietnam import HANOI
from reports.spreadsheet import Dialect

if TYPE_CHECKING:
    from agreement.periods import Period
    from reports.units import Unit
    from sinks.postgres.engine import Engine

AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="T", help="như đã biết vào lúc · as known then: 2019-12-14 (hết ngày · its end) or 2019-12-14T23:59:59+07:00"
    ),
]
CsvDialect = Annotated[
    Dialect, typer.Option("--dialect", metavar="DIALECT", help="csv; excel-vi: Excel tiếng Việt · for Excel in Vietnamese (; and 1234,5)")
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="vào ngày · on that day: 2024-05-27; không ghi là hôm nay · else today")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="lý do, được lưu lại · why; it is kept")]
UnitName = Annotated[str, typer.Option("--unit", metavar="UNIT", help="tỉnh, all hoặc none · province, all or none")]
PeriodName = Annotated[
    str, typer.Option("--period", metavar="PERIOD", help="kỳ · 2019, 2019Q4, 2019H1, 2019-10, 2019M9, 2018..2020, 2019-04..2019-12")
]
RegimeName = Annotated[Regime, typer.Option("--regime", metavar="REGIME", help="cách chốt số liệu · nd09 (15 → 14), calendar")]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def today() -> date:
    """The day it is in Vietnam."""
    return datetime.now(HANOI).date()


def day_of(option: str, text: str | None) -> date | None:
    """The day that an option names."""
    from mocgioi.views.output import USAGE, fail

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        fail("usage", f"{option} {text!r}: cần một ngày như · needs a day like 2019-12-14", USAGE)


def moment_of(text: str | None, option: str = "--as-of", *, ends_day: bool = True) -> datetime | None:
    """The moment that an option names, in Vietnam unless it says otherwise; a bare day means its end, or else its beginning."""
    from mocgioi.views.output import USAGE, fail

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail("usage", f"{option} {text!r}: cần như · give it as 2019-12-14 or 2019-12-14T23:59:59+07:00", USAGE)
    if len(text) <= len("2019-12-14") and ends_day:
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)


def days_of(day: str | None, first: str | None, last: str | None) -> tuple[datetime | None, datetime | None]:
    """The first moment of `--day` or `--from`, and the last one of `--day` or `--to`, in Vietnam."""
    from mocgioi.views.output import USAGE, fail

    if day is not None and (first is not None or last is not None):
        fail("usage", "--day đi một mình, không kèm --from, --to · stands alone, without --from and --to", USAGE)
    begins, ends = day_of("--day", day) or day_of("--from", first), day_of("--day", day) or day_of("--to", last)
    if begins is not None and ends is not None and ends < begins:
        fail("usage", f"--to {ends}: trước · is before --from {begins}", USAGE)
    first_moment = None if begins is None else datetime.combine(begins, time.min, HANOI)
    return first_moment, None if ends is None else datetime.combine(ends, time.max, HANOI)


def moment_in(engine: "Engine", as_of: str | None) -> datetime:
    """The moment of `--as-of` by the record's clock: now, where none is given or it is still to come."""
    from sinks.postgres.clock import as_of_now

    moment, now = moment_of(as_of), as_of_now(engine)
    return now if moment is None else min(moment, now)


def reason_of(text: str) -> str:
    """The text of `--reason`, on one line."""
    from mocgioi.views.output import USAGE, fail

    reason = " ".join(unicodedata.normalize("NFC", text).split())
    if not reason:
        fail("usage", "--reason: cần một lý do · give a reason", USAGE)
    return reason


def post_of(slug: str | None) -> str | None:
    """The slug of a post. The register does not have every post that reports, so an unknown one is no error."""
    from border.places import posts
    from mocgioi.views.output import USAGE, fail
    from schemas.problems import nearest

    if slug is not None and not _SLUG.fullmatch(slug):
        fail("usage", f"--post {slug!r}: cần mã đồn như · needs a slug like tan-thanh{nearest(slug, posts())}", USAGE)
    return slug


def office_of(slug: str) -> str:
    """The slug of an office. Never a person's name."""
    from mocgioi.views.output import USAGE, fail

    if not _SLUG.fullmatch(slug):
        fail("usage", f"cơ quan {slug!r}: chỉ chữ thường, số, gạch nối · lower case, digits, hyphens: so-ngoai-vu-lang-son", USAGE)
    return slug


def unit_and_period(unit: str, period: str, regime: Regime) -> "tuple[Unit, Period]":
    """The unit and the period of a report."""
    from agreement.periods import Period, UnknownPeriod
    from mocgioi.views.output import USAGE, fail
    from reports.units import UnknownUnit, unit_named

    try:
        span = Period.parse(period, regime)
        return unit_named(unit, span), span
    except (UnknownPeriod, UnknownUnit) as error:
        fail("period" if isinstance(error, UnknownPeriod) else "unit", str(error), USAGE)
