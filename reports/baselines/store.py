"""Totals published before the record began ("số đã công bố"): what "so với cùng kỳ" is compared with. Apart from events, and shown as such."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, Row, insert, select, text, update

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
"""Key of the advisory lock of whoever changes baselines. Not a lock of the table, which takes a right to change all of it."""


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
        """Where in its source, as it follows the source: `, tr. 3`; a place that is no page number as it was given, `, dòng 12`."""
        if not self.page:
            return ""
        return f", tr. {self.page}" if self.page[0].isdigit() else f", {self.page}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did."""

    new: int
    duplicate: int
    """Lines that say what was said already, by the record or by an earlier line."""


class NoSuchBaseline(LookupError):
    """Nothing to withdraw. Says what there is instead."""


def load(engine: Engine, raw: bytes) -> Loaded:
    """Load a file's totals, all or nothing. Raises `BaselineRefused`, `Unavailable`."""
    lines = read(raw)
    digest = hashlib.sha256(raw).hexdigest()
    with away_is_unavailable(), engine.begin() as connection:
        now = _alone(connection)
        known = every(connection)
        if problems := contradictions(map(_claim, known), lines):
            raise BaselineRefused(problems)
        held = {(one.unit, span(one.period), one.regime, one.figure) for one in known}
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
    known = select(baseline).where(baseline.c.loaded_at <= as_of, baseline.c.withdrawn_at.is_(None) | (baseline.c.withdrawn_at > as_of))
    with away_is_unavailable():
        return [_baseline(row) for row in connection.execute(known.order_by(baseline.c.number))]


def published(connection: Connection, unit: Unit, *, as_of: datetime) -> list[Baseline]:
    """The totals that speak for a unit: its own and, of periods before a merger, those of a province merged into it, which say whose they are.

    Where both are there its own speak alone. Raises `Unavailable`.
    """
    known = standing(connection, as_of=as_of)
    own = [one for one in known if one.unit == unit.code]
    spoken = {(span(one.period), one.figure) for one in own}
    merged = {code for code in unit.provinces or () if code != unit.code}
    return own + [
        replace(one, unit=unit.code, source=f"{one.source} (tỉnh {province_name(Province(one.unit))})")
        for one in known
        if one.unit in merged and _before_merger(one) and (span(one.period), one.figure) not in spoken
    ]


def _before_merger(one: Baseline) -> bool:
    ended = provinces()[Province(one.unit)].valid_to
    return ended is not None and Period.parse(one.period, one.regime or Regime.CALENDAR).end.date() <= ended


def every(connection: Connection, *, withdrawn: bool = False) -> list[Baseline]:
    """The totals that stand now, in the order of loading; with those withdrawn too. Raises `Unavailable`."""
    known = select(baseline).order_by(baseline.c.number)
    if not withdrawn:
        known = known.where(baseline.c.withdrawn_at.is_(None))
    with away_is_unavailable():
        return [_baseline(row) for row in connection.execute(known)]


def find(baselines: Sequence[Baseline], unit: str, period: str, regime: Regime, figure: str) -> Baseline | None:
    """The total that speaks for a figure: one of this very regime before one for any. `2018H1` and `2018M6` are one period."""
    months = span(period)
    fitting = [
        one
        for one in baselines
        if one.figure == figure and one.unit == unit and one.regime in (regime, None) and span(one.period) == months
    ]
    return min(fitting, key=lambda one: one.regime is None, default=None)


def withdraw(engine: Engine, unit: str, period: str, figure: str, regime: Regime | None, reason: str) -> Baseline:
    """Take back the one total of this very regime (None: the one for any), keeping it and why. Raises `NoSuchBaseline`, `Unavailable`."""
    with away_is_unavailable(), engine.begin() as connection:
        now = _alone(connection)
        alike = [one for one in every(connection) if (one.unit, span(one.period), one.figure) == (unit, span(period), figure)]
        found = next((one for one in alike if one.regime == regime), None)
        if found is None:
            others = ", ".join(one.regime or "mọi chế độ · any regime" for one in alike)
            there = f"; đang có · there is: {others}" if alike else ""
            raise NoSuchBaseline(
                f"{unit} {period} {figure} ({regime or 'mọi chế độ · any regime'}): không có số đã công bố nào · no such baseline{there}"
            )
        taken = update(baseline).where(baseline.c.number == found.number).values(withdrawn_at=now, withdrawn_reason=reason)
        return _baseline(connection.execute(taken.returning(*baseline.columns)).one())


def _alone(connection: Connection) -> datetime:
    """Now, with every other change of baselines waiting until this transaction ends. Stamped behind the wait, so that stamps keep its order."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    return stamped(connection)


def _claim(one: Baseline) -> Claim:
    where = f"“{one.source}”{one.place} (đã nạp {one.loaded_at.astimezone(HANOI):%d/%m/%Y})"
    return Claim(one.unit, one.period, one.regime, one.figure, one.value, where)


def _row(line: Line, digest: str, now: datetime) -> dict[str, object]:
    return {
        "unit": line.unit,
        "period": line.period,
        "regime": line.regime,
        "figure": line.figure,
        "value": line.value,
        "source": line.source,
        "page": line.page,
        "file_sha256": digest,
        "loaded_at": now,
    }


def _baseline(row: Row[tuple[object, ...]]) -> Baseline:
    stored = row._asdict()
    return Baseline(**stored | {"regime": Regime(stored["regime"]) if stored["regime"] else None})
