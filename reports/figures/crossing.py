"""Figures of what passed the gates: a figure a direction and measure, its subtotals a gate pair, its rows traced back to records.

A record's count lies in the period its interval begins in. Only actual ones count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import starmap
from typing import Any

import msgspec

from agreement.figure_families import CROSSING_FIGURE
from agreement.periods import Period
from border.places import known_gate
from reports.figures.scope import Scope
from reports.model import Figure, Subtotal
from reports.units import Unit

_WHAT = {"persons": ("Lượt người", "lượt người"), "vehicles": ("Lượt phương tiện", "lượt phương tiện"), "goods": ("Hàng hóa", "")}
_WAYS = {"total": "qua cửa khẩu, cả hai chiều", "VN-CN": "từ Việt Nam sang Trung Quốc", "CN-VN": "từ Trung Quốc sang Việt Nam"}
_HELD = """
FROM crossing_as_of(:as_of) WHERE status = 'actual' AND interval_start >= :opened AND interval_start < :closed AND gate = ANY(CAST(:gates AS text[]))
"""
_COUNTS = f"""
SELECT source, gate, direction, what, CASE WHEN what = 'goods' THEN unit END AS unit, count(*), sum(n) {_HELD} GROUP BY 1, 2, 3, 4, 5
"""
_ROWS = f"""
SELECT source, id, position, stated_source, stated_id, interval_start, interval_end, nationality, gate, direction, what, n, unit
{_HELD} AND what = :what
    AND (CAST(:direction AS text) IS NULL OR direction = :direction) AND (CAST(:measure_unit AS text) IS NULL OR coalesce(unit, 'none') = :measure_unit)
ORDER BY gate, interval_start, source COLLATE "C", id COLLATE "C", position
"""


class CrossingCount(msgspec.Struct, gc=False):
    """One actual count of a crossing record, or several alike added up."""

    source: str
    gate: str
    """Any of its names."""
    direction: str
    what: str
    unit: str | None
    """Of goods only."""
    rows: int
    n: Decimal | int


@dataclass(frozen=True, slots=True)
class Crossings:
    """What passed the gates in one period."""

    figures: tuple[Figure, ...]
    """Persons and vehicles always, 0 too."""
    sources: frozenset[str]
    """Who counted."""


def named(key: str) -> tuple[str, str]:
    """Label and unit of a crossing figure, by the rest of its name: `VN-CN.persons`, `total.goods.kg`."""
    way, _, what = key.partition(".")
    measure, _, unit = what.partition(".")
    label, counted = _WHAT[measure]
    return f"{label} {_WAYS[way]}" + (f" ({unit})" if unit else ""), counted or unit


def crossings(scoped: Scope, period: Period) -> Crossings:
    """The crossing figures of a period, by what the record held. The database adds up what is alike before it is counted."""
    held = scoped.ask(_COUNTS, opened=period.start, closed=period.end)
    return count_crossings(scoped.unit, starmap(CrossingCount, held))


def count_crossings(unit: Unit, counts: Iterable[CrossingCount]) -> Crossings:
    """The crossing figures of these counts, as far as their gates are a unit's: the one place where crossings are counted. Pure."""
    alike: dict[tuple[str, str, str, str, str | None], tuple[int, Decimal | int]] = {}
    for count in counts:
        key = count.source, count.gate, count.direction, count.what, count.unit
        rows_before, n_before = alike.get(key, (0, 0))
        alike[key] = rows_before + count.rows, n_before + count.n
    sums: dict[tuple[str, str, str], tuple[int, Decimal | int]] = {}
    sources = set()
    gates = frozenset(unit.gates)
    for (source, name, direction, what, measure_unit), (rows, n) in alike.items():
        gate = known_gate(name)
        if gate in gates:
            measure = f"{what}.{measure_unit or 'none'}" if what == "goods" else what
            rows_before, n_before = sums.get((measure, gate, direction), (0, 0))
            sums[measure, gate, direction] = rows_before + rows, n_before + n
            sources.add(source)
    return Crossings(_figures(sums), frozenset(sources))


def crossing_rows(scoped: Scope, period: Period, figure_id: str) -> Iterator[dict[str, Any]]:
    """The counted measures behind a crossing figure, each with the record and the statement it is from; streamed.

    Raises `LookupError` for another figure.
    """
    if not CROSSING_FIGURE.fullmatch(figure_id):
        raise LookupError(figure_id)
    streaming = replace(scoped, connection=scoped.connection.execution_options(yield_per=5000))
    for row in streaming.ask(_ROWS, opened=period.start, closed=period.end, **asked_of(figure_id)):
        yield dict(row._mapping)  # noqa: SLF001  # the documented name of a row's mapping


def asked_of(figure_id: str) -> dict[str, Any]:
    """What a crossing figure counts: `direction` and `measure_unit`, None where it counts all, and `what`."""
    _, way, key = figure_id.split(".", 2)
    what, _, unit = key.partition(".")
    return {"direction": None if way == "total" else way, "what": what, "measure_unit": unit or None}


def _figures(sums: dict[tuple[str, str, str], tuple[int, Decimal | int]]) -> tuple[Figure, ...]:
    """A figure a direction and measure, and for both directions; its subtotals by gate pair and direction."""
    subtotals: dict[str, list[Subtotal]] = {f"{way}.{what}": [] for way in _WAYS for what in ("persons", "vehicles")}
    totals: dict[str, Decimal | int] = {}
    for (what, gate, direction), (rows, n) in sorted(sums.items()):
        for key in (f"total.{what}", f"{direction}.{what}"):
            subtotals.setdefault(key, []).append(Subtotal(gate=gate, direction=direction, rows=rows, n=float(n)))
            totals[key] = totals.get(key, 0) + n
    return tuple(_figure(key, totals.get(key, 0), subtotals[key]) for key in sorted(subtotals, key=_order))


def _figure(key: str, total: Decimal | int, subtotals: list[Subtotal]) -> Figure:
    label, unit = named(key)
    return Figure(id=f"crossing.{key}", label=label, unit=unit, value=float(total), subjects=tuple(subtotals))


def _order(key: str) -> tuple[int, int, str]:
    way, _, what = key.partition(".")
    return list(_WHAT).index(what.partition(".")[0]), list(_WAYS).index(way), what
