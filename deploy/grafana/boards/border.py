"""*Đường biên*: what happened along the line, by marker and month, side and province. Every number is counted in the record."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.boards.names import name, place
from deploy.grafana.boards.parts import OF_CHOICE, OUTCOME_COLORS, bars, board, chosen, incidents, number, stacked, strip
from deploy.grafana.boards.queries import Sql
from schemas.codebook import SIDE_LABELS, Side

_LAST_MARKER = 1378
_STRETCH = 100
_IN_TIME = f"$__timeFilter(occurred_start) AND {OF_CHOICE}"
_OF_OUTCOMES = "outcome IN (${outcome:sqlstring})"


def border_board() -> Dashboard:
    """The board."""
    about = "Vụ việc dọc đường biên giới đất liền Việt Nam - Trung Quốc, theo mốc giới, tháng, phía và tỉnh."
    new = board("duong-bien", "Đường biên", about, since="now-1y", refresh="1m")
    for column, label in {"province": "Tỉnh", "side": "Phía", "kind": "Loại việc", "outcome": "Kết luận"}.items():
        new = new.with_variable(chosen(column, label))
    for title, condition, about in _COUNTS:
        # No row rather than 0: what nobody reported is not known to be nothing.
        count = f"SELECT count(*) AS n FROM incident WHERE {condition} AND {_IN_TIME} HAVING count(*) > 0"
        new = new.with_panel(number(title, Sql(count), about=about))
    new = new.with_panel(strip("Dải mốc giới theo tháng", Sql(_strip(), "time_series"), height=13, about=_ABOUT_STRIP))
    new = new.with_panel(stacked("Vụ vi phạm theo tháng và phía", Sql(_BREACHES_BY_MONTH, "time_series")))
    new = new.with_panel(bars("Vụ vi phạm theo tỉnh và phía", Sql(_by_side("province", "Tỉnh", "outcome = 'breach'")), x="Tỉnh"))
    by_kind = _by_side("kind", "Loại việc", _OF_OUTCOMES)
    new = new.with_panel(bars("Loại việc", Sql(by_kind), x="Loại việc", width=9, height=13))
    return new.with_panel(incidents("Vụ việc mới nhất", Sql(_NEWEST), painted=("Kết luận", OUTCOME_COLORS), width=15, height=13))


_COUNTS = (
    ("Vụ vi phạm", "outcome = 'breach'", "Vi phạm Hiệp định về quy chế quản lý biên giới, theo kết luận hiện có."),
    ("Phía Trung Quốc vi phạm", "outcome = 'breach' AND side = 'CN'", ""),
    ("Phía Việt Nam vi phạm", "outcome = 'breach' AND side = 'VN'", ""),
    ("Cần thêm dữ kiện", "outcome = 'needs_facts'", "Chưa kết luận được vì đồn chưa cung cấp đủ dữ kiện."),
    ("Sự kiện biên giới", "outcome = 'border_event'", "Việc thuộc Điều 39, không phải vi phạm của một phía."),
    ("Tất cả vụ việc", "true", ""),
)
_ABOUT_STRIP = "Số vụ trong mỗi tháng trên từng đoạn một trăm mốc, từ A Pa Chải (mốc 0) đến cửa sông Bắc Luân (mốc 1378). Vụ không gắn mốc không có ở đây."
_BREACHES_BY_MONTH = f"""
SELECT month AS time, {name("side")} AS metric, count(*) AS n
FROM incident WHERE outcome = 'breach' AND {_IN_TIME} GROUP BY 1, 2 ORDER BY 1
"""
_NEWEST = f"""
SELECT occurred_start AS "Xảy ra", {name("kind")} AS "Loại việc", {place()} AS "Nơi xảy ra", {name("province")} AS "Tỉnh", {name("side")} AS "Phía",
{name("outcome")} AS "Kết luận", subject AS "Mã vụ", page
FROM incident WHERE {_OF_OUTCOMES} AND {_IN_TIME} ORDER BY occurred_start DESC LIMIT 100
"""


def _strip() -> str:
    """A column a stretch of markers, a row a month; empty where nothing was recorded."""
    counts = ", ".join(
        f'nullif(count(*) FILTER (WHERE marker BETWEEN {first} AND {last}), 0) AS "mốc {first}-{last}"'
        for first, last in ((first, min(first + _STRETCH - 1, _LAST_MARKER)) for first in range(0, _LAST_MARKER + 1, _STRETCH))
    )
    months = "generate_series(date_trunc('month', $__timeFrom()::timestamptz, 'Asia/Ho_Chi_Minh'), $__timeTo()::timestamptz, '1 month', 'Asia/Ho_Chi_Minh')"
    return f"""
    SELECT time, {counts}
    FROM {months} AS time LEFT JOIN incident ON month = time AND {_OF_OUTCOMES} AND {_IN_TIME} GROUP BY 1 ORDER BY 1
    """


def _by_side(column: str, title: str, condition: str) -> str:
    """A row a code of the column, a column a side; empty where nothing was recorded."""
    sides = ", ".join(f"nullif(count(*) FILTER (WHERE side = '{side}'), 0) AS \"{SIDE_LABELS[side].vi}\"" for side in Side)
    return f'SELECT {name(column)} AS "{title}", {sides} FROM incident WHERE {condition} AND {_IN_TIME} GROUP BY {column} ORDER BY count(*) DESC'
