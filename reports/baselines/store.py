"""Published totals ("số đã công bố"), which "so với cùng kỳ" compares with. They stand apart from events, and reports name them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select, text, update

from agreement.figure_families import is_figure
from agreement.periods import Period, Regime
from border.provinces import Province, province_name, provinces
from border.vietnam import HANOI
from reports.baselines.file import BaselineRefused, read
from reports.baselines.laws import Claim, contradictions, span
from reports.baselines.line import Line
from reports.units import Unit
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import baseline

LOCK = 0x6D6F63_426C
"""Key of the advisory lock of whoever changes baselines. A lock of the table would need the right to change all of it."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """One published total, as it was loaded."""

    number: int
    unit: str
    period: str
    regime: Regime | None
    """None: whatever the regime."""
    figure: str
    value: Decimal
    source: str
    page: str | None
    file_sha256: str
    loaded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @property
    def place(self) -> str:
        """The place in its source, as printed after the source: `, tr. 3` for a page number, else as it was given, `, dòng 12`."""
        if not self.page:
            return ""
        return f", tr. {self.page}" if self.page[0].isdigit() else f", {self.page}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did."""

    new: int
    duplicate: int
    """Lines that repeat the record or an earlier line."""


class NoSuchBaseline(LookupError):
    """Nothing to withdraw. Says what there is instead."""


def load(engine: Engine, raw: bytes) -> Loaded:
    """Load a file's totals, all or nothing. Raises `BaselineRefused`, `Unavailable`."""
    lines = read(raw)
    digest = hashlib.sha256(raw).hexdigest()
    with away_is_unavailable(), engine.begin() as connection:
        now = _alone(connection)
        loaded = every(connection)
        if problems := contradictions(map(_claim, loaded), lines):
            raise BaselineRefused(problems)
        held = {(total.unit, span(total.period), total.regime, total.figure) for total in loaded}
        fresh: dict[object, Line] = {}
        for line in lines:
            key = (line.unit, span(line.period), line.regime, line.figure)
            if key not in held:
                fresh.setdefault(key, line)
        if fresh:
            connection.execute(insert(baseline), [_row(line, digest, now) for line in fresh.values()])
    return Loaded(len(fresh), len(lines) - len(fresh))


def standing(connection: Connection, *, as_of: datetime) -> list[Baseline]:
    """The totals that were loaded by then and not withdrawn yet, in the order of loading. Raises `Unavailable`."""
    withdrawn_at = baseline.c.withdrawn_at
    return _totals(connection, baseline.c.loaded_at <= as_of, withdrawn_at.is_(None) | (withdrawn_at > as_of))


def published(connection: Connection, unit: Unit, *, as_of: datetime) -> list[Baseline]:
    """The totals that hold for a unit of what the record counts too. Raises `Unavailable`."""
    return [total for total in _holding(connection, unit, as_of) if is_figure(total.figure)]


def published_only(connection: Connection, unit: Unit, *, as_of: datetime) -> list[Baseline]:
    """The totals that hold for a unit of what no event counts: delegations, trade, … Raises `Unavailable`."""
    return [total for total in _holding(connection, unit, as_of) if not is_figure(total.figure)]


def _holding(connection: Connection, unit: Unit, as_of: datetime) -> list[Baseline]:
    """A unit's own totals and, of periods before a merger, those of a province merged into it, whose source names it.

    Where both exist, only its own hold.
    """
    totals = standing(connection, as_of=as_of)
    own = [total for total in totals if total.unit == unit.code]
    own_figures = {(span(total.period), total.figure) for total in own}
    merged = {code for code in unit.provinces or () if code != unit.code}
    return own + [
        replace(total, unit=unit.code, source=f"{total.source} (tỉnh {province_name(Province(total.unit))})")
        for total in totals
        if total.unit in merged and _before_merger(total) and (span(total.period), total.figure) not in own_figures
    ]


def _before_merger(total: Baseline) -> bool:
    ended = provinces()[Province(total.unit)].valid_to
    return ended is not None and Period.parse(total.period, total.regime or Regime.CALENDAR).end.date() <= ended


def every(connection: Connection, *, withdrawn: bool = False) -> list[Baseline]:
    """The totals that stand now, in the order of loading; with those withdrawn too. Raises `Unavailable`."""
    return _totals(connection) if withdrawn else _totals(connection, baseline.c.withdrawn_at.is_(None))


def _totals(connection: Connection, *conditions: ColumnElement[bool]) -> list[Baseline]:
    with away_is_unavailable():
        return [_baseline(row) for row in connection.execute(select(baseline).where(*conditions).order_by(baseline.c.number))]


def find(baselines: Sequence[Baseline], unit: str, period: str, regime: Regime, figure: str) -> Baseline | None:
    """The total that holds for a figure: one of this very regime before one for any. `2018H1` and `2018M6` are one period."""
    wanted = (figure, unit, span(period))
    alike = [total for total in baselines if (total.figure, total.unit, span(total.period)) == wanted and total.regime in (regime, None)]
    return min(alike, key=lambda total: total.regime is None, default=None)


def withdraw(engine: Engine, unit: str, period: str, figure: str, regime: Regime | None, reason: str) -> Baseline:
    """Take back the one total of this very regime (None: the one for any), keeping it and why. Raises `NoSuchBaseline`, `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        now = _alone(connection)
        wanted = (unit, span(period), figure)
        alike = [total for total in every(connection) if (total.unit, span(total.period), total.figure) == wanted]
        number = next((total.number for total in alike if total.regime == regime), None)
        if number is None:
            others = ", ".join(total.regime or "mọi chế độ · any regime" for total in alike)
            there = f"; đang có · there is: {others}" if alike else ""
            raise NoSuchBaseline(
                f"{unit} {period} {figure} ({regime or 'mọi chế độ · any regime'}): không có số đã công bố nào · no such baseline{there}"
            )
        taken = update(baseline).where(baseline.c.number == number).values(withdrawn_at=now, withdrawn_reason=reason)
        return _baseline(connection.execute(taken.returning(*baseline.columns)).one())


def _alone(connection: Connection) -> datetime:
    """Now. Every other change of baselines waits until this transaction ends; the stamp is taken after the wait, so stamps keep its order."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    return stamped(connection)


def _claim(total: Baseline) -> Claim:
    where = f"“{total.source}”{total.place} (đã nạp {total.loaded_at.astimezone(HANOI):%d/%m/%Y})"
    return Claim(total.unit, total.period, total.regime, total.figure, total.value, where)


def _row(line: Line, digest: str, now: datetime) -> dict[str, object]:
    """The row of a loaded line: its fields but the line's number in its file."""
    row = asdict(line) | {"file_sha256": digest, "loaded_at": now}
    del row["line"]
    return row


def _baseline(row: Row[tuple[object, ...]]) -> Baseline:
    stored = row._asdict()
    return Baseline(**stored | {"regime": Regime(stored["regime"]) if stored["regime"] else None})
