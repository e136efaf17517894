"""*Cửa khẩu*: who and what went over the line, by gate pair and direction, as posts counted it."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.boards.names import DIRECTIONS, name
from deploy.grafana.boards.parts import OUTCOME_COLORS, bars, board, chosen, incidents, number, rows, stacked
from deploy.grafana.boards.queries import Sql

_IN_TIME = "$__timeFilter(interval_start) AND gate IN (${gate:sqlstring})"
_COUNTED = f"what IN (${{what:sqlstring}}) AND {_IN_TIME}"
_BUSY_GATE = f"""CASE WHEN gate IN (SELECT gate FROM crossing WHERE {_COUNTED} GROUP BY gate ORDER BY sum(n) DESC LIMIT 7)
THEN {name("gate")} ELSE 'các cửa khẩu khác' END"""
_EMPTY = "chưa có số liệu"


def gates_board() -> Dashboard:
    """The board."""
    about = "Lượt người và phương tiện qua từng cặp cửa khẩu, theo chiều, như đồn đã đếm; đính chính thay số cũ."
    new = board("cua-khau", "Cửa khẩu", about, since="now-30d", refresh="5m")
    for column, label in {"gate": "Cửa khẩu", "what": "Đếm gì"}.items():
        new = new.with_variable(chosen(column, label))
    for what, title in (("persons", "Lượt người"), ("vehicles", "Lượt phương tiện")):
        for direction, text in DIRECTIONS.items():
            count = f"SELECT sum(n) AS n FROM crossing WHERE what = '{what}' AND direction = '{direction}' AND {_IN_TIME}"
            new = new.with_panel(number(f"{title}, {text}", Sql(count), width=6, unit="locale", empty=_EMPTY))
    new = new.with_panel(stacked("Lượt qua theo ngày và chiều", Sql(_by_day(name("direction")), "time_series")))
    new = new.with_panel(stacked("Lượt qua theo ngày và cửa khẩu", Sql(_by_day(_BUSY_GATE), "time_series")))
    new = new.with_panel(bars("Cặp cửa khẩu đông nhất", Sql(_BUSIEST), x="Cửa khẩu", width=9, height=13))
    new = new.with_panel(rows("Từng cặp cửa khẩu", Sql(_BY_GATE), width=15, height=13, empty=_EMPTY))
    return new.with_panel(incidents("Vụ việc tại cửa khẩu", Sql(_AT_GATES), painted=("Kết luận", OUTCOME_COLORS), width=24, height=9))


def _by_day(series: str) -> str:
    return f"""
    SELECT date_trunc('day', interval_start, 'Asia/Ho_Chi_Minh') AS time, {series} AS metric, sum(n) AS n
    FROM crossing WHERE {_COUNTED} GROUP BY 1, 2 ORDER BY 1
    """


def _sums(titles: dict[str, str], condition: str = "true") -> str:
    """A column a direction, under its title."""
    return ", ".join(f"sum(n) FILTER (WHERE {condition} AND direction = '{code}') AS \"{title}\"" for code, title in titles.items())


_BUSIEST = f"""
SELECT {name("gate")} AS "Cửa khẩu", {_sums(DIRECTIONS)}
FROM crossing WHERE {_COUNTED} GROUP BY gate ORDER BY sum(n) DESC LIMIT 15
"""
_BY_GATE = f"""
SELECT {name("gate")} AS "Cửa khẩu", {_sums({code: f"Người {code}" for code in DIRECTIONS}, "what = 'persons'")},
{_sums({code: f"Xe {code}" for code in DIRECTIONS}, "what = 'vehicles'")}, max(interval_end) AS "Đếm đến"
FROM crossing WHERE {_IN_TIME} GROUP BY gate ORDER BY 1
"""
_AT_GATES = f"""
SELECT occurred_start AS "Xảy ra", {name("kind")} AS "Loại việc", {name("gate")} AS "Cửa khẩu", {name("side")} AS "Phía", {name("outcome")} AS "Kết luận",
subject AS "Mã vụ", page
FROM incident WHERE gate IN (${{gate:sqlstring}}) AND $__timeFilter(occurred_start) ORDER BY occurred_start DESC LIMIT 100
"""
