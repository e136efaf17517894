"""Figures of what passed the gates: a figure a direction and measure, its subtotals a gate pair, its rows traced back to records.

A record's count lies in the period its interval begins in. Only actual ones count.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from agreement.periods import Period
from reports.model import Figure, Subtotal
from reports.units import Unit

KNOWN_CROSSINGS = re.compile(r"crossing\.(total|VN-CN|CN-VN)\.(persons|vehicles|goods\..+)")
_WHAT = {"persons": ("Lượt người", "lượt người"), "vehicles": ("Lượt phương tiện", "lượt phương tiện"), "goods": ("Hàng hóa", "")}
_WAYS = {"total": "qua cửa khẩu, cả hai chiều", "VN-CN": "từ Việt Nam sang Trung Quốc", "CN-VN": "từ Trung Quốc sang Việt Nam"}
_AS_OF = """
known AS (
    SELECT {columns} FROM crossing WHERE interval_start >= {opens} AND interval_start < {closes} AND recorded_at <= :as_of AND status = 'actual'
    UNION ALL
    SELECT {columns} FROM crossing_superseded WHERE interval_start >= {opens} AND interval_start < {closes}
        AND recorded_at <= :as_of AND superseded_at > :as_of AND status = 'actual'
)
"""
_COUNT = "gate, direction, what, n, unit"
_TRACED = f"source, id, position, stated_source, stated_id, interval_start, interval_end, nationality, {_COUNT}"
# A look into the index a period, whatever the planner thinks of a join by range.
_SUBTOTALS = f"""
SELECT period.id, counted.* FROM unnest(CAST(:periods AS text[]), CAST(:opens AS timestamptz[]), CAST(:closes AS timestamptz[]))
    AS period (id, opens, closes)
CROSS JOIN LATERAL (
    WITH {_AS_OF.format(columns=_COUNT, opens="period.opens", closes="period.closes")}
    SELECT what, CASE WHEN what = 'goods' THEN coalesce(unit, 'none') END AS unit, gate, direction, count(*) AS rows, sum(n) AS n
    FROM known WHERE gate = ANY(CAST(:gates AS text[])) GROUP BY 1, 2, 3, 4
) AS counted ORDER BY 1, 2, 3, 4, 5
"""
_ROWS = f"""
WITH {_AS_OF.format(columns=_TRACED, opens=":opens", closes=":closes")}
SELECT * FROM known WHERE gate = ANY(CAST(:gates AS text[])) AND what = :what
    AND (CAST(:direction AS text) IS NULL OR direction = :direction) AND (CAST(:unit AS text) IS NULL OR coalesce(unit, 'none') = :unit)
ORDER BY gate, interval_start, source, id, position
"""


def crossing_figures(connection: Connection, periods: Sequence[Period], unit: Unit, as_of: datetime) -> dict[str, tuple[Figure, ...]]:
    """The crossing figures of each period, by its id; persons and vehicles always, 0 too."""
    subtotals: dict[str, dict[str, list[Subtotal]]] = {
        period.id: {f"{way}.{what}": [] for way in _WAYS for what in ("persons", "vehicles")} for period in periods
    }
    given = {
        "periods": [period.id for period in periods],
        "opens": [period.start for period in periods],
        "closes": [period.end for period in periods],
        "as_of": as_of,
        "gates": list(unit.gates),
    }
    for period, what, measure_unit, gate, direction, rows, n in connection.execute(text(_SUBTOTALS), given):
        one = Subtotal(gate=gate, direction=direction, rows=rows, n=n)
        for way in ("total", direction):
            subtotals[period].setdefault(f"{way}.{what}" + (f".{measure_unit}" if measure_unit else ""), []).append(one)
    return {period: tuple(_figure(key, found[key]) for key in sorted(found, key=_order)) for period, found in subtotals.items()}


def crossing_rows(connection: Connection, figure_id: str, period: Period, unit: Unit, as_of: datetime) -> Iterator[dict[str, Any]]:
    """The counted measures behind a crossing figure, each with the record and the statement it is from; streamed. Raises `LookupError`."""
    if not KNOWN_CROSSINGS.fullmatch(figure_id):
        raise LookupError(figure_id)
    _, way, key = figure_id.split(".", 2)
    what, _, measure_unit = key.partition(".")
    given = {
        "opens": period.start,
        "closes": period.end,
        "as_of": as_of,
        "gates": list(unit.gates),
        "what": what,
        "direction": None if way == "total" else way,
        "unit": measure_unit or None,
    }
    streaming = connection.execution_options(yield_per=5000)
    for row in streaming.execute(text(_ROWS), given):
        yield dict(row._mapping)  # noqa: SLF001  # the documented name of a row's mapping


def _figure(key: str, subtotals: list[Subtotal]) -> Figure:
    way, _, what = key.partition(".")
    measure, _, unit = what.partition(".")
    label, counted = _WHAT[measure]
    return Figure(
        id=f"crossing.{key}",
        label=f"{label} {_WAYS[way]}" + (f" ({unit})" if unit else ""),
        unit=counted or unit,
        value=sum(one.n for one in subtotals),
        subjects=tuple(sorted(subtotals, key=lambda one: (one.gate, one.direction))),
    )


def _order(key: str) -> tuple[int, int, str]:
    way, _, what = key.partition(".")
    return list(_WHAT).index(what.partition(".")[0]), list(_WAYS).index(way), what
