"""Which table a figure is printed in, and the tables. A figure that fits no other table is printed in the last: none is dropped."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import Enum

from agreement.figure_families import SIDES
from border.provinces import districts_ended
from border.vietnam import HANOI
from reports.documents.cells import before_cell, change_text, is_complete, is_suppressed, notes_on, origin_text, value_cell
from reports.documents.document_model import Cell, Table, Value, cell, on_paper, table
from reports.model import Figure, Origin, Report, Subtotal
from reports.names import gate_name, month_name, side_name, way_name
from schemas.codebook import Side

FIGURES_SHEET = "Số liệu"
"""Sheet of the tables of figures, one below the other under one heading."""
MONTHS_SHEET = "Theo tháng"
"""Sheet of the table that the chart of months is drawn from: months down, sides across."""
INCIDENTS_SHEET = "Vụ việc"
"""Sheet of every incident."""
SUBTOTALS_SHEET = "Cộng theo cửa khẩu"
"""Sheet of every subtotal of a gate pair."""
_GATES_PRINTED = 100
"""Rows of gate pairs on paper."""
_SHORT = 7
"""The longest number that a narrow column holds, in characters: `541.131`."""
_WHAT = {"persons": "lượt người", "vehicles": "lượt phương tiện", "goods": "hàng hóa"}
_BLANK = "Ô trống: chưa ghi nhận vụ nào; chưa đủ báo cáo của các đồn trong kỳ."
_UNHEARD = "Chỉ tiêu không nêu ở đây: chưa có báo cáo của đồn nào."
_ALWAYS = re.compile(r"breach\.(total|CN|VN)$")
"""Figures that stand in their table with a 0, or unreported, too, beside others that count something."""
_DISTRICTLESS = "breach.district.none"
_SEVERAL = "Một vụ có thể vi phạm nhiều điều khoản và cũng thuộc Điều 39, nên các dòng không cộng thành tổng."


class Place(Enum):
    """A table that figures are printed in: its sheet, its title, and what the ids of its figures begin with, as a regular expression.

    The first that fits has the figure.
    """

    SIDE = ("Theo phía", "Vụ vi phạm Hiệp định theo phía vi phạm", rf"breach\.(total|{'|'.join(SIDES)})$")
    KIND = ("Theo loại việc", "Vụ vi phạm Hiệp định theo loại việc", r"breach\.kind\.")
    CLAUSE = ("Theo điều khoản", "Vụ vi phạm Hiệp định theo điều khoản", r"breach\.(clause|article39)\.")
    STRETCH = ("Theo đoạn mốc", "Vụ vi phạm Hiệp định theo đoạn mốc", r"breach\.stretch\.")
    AREA = ("Theo địa bàn", "Vụ vi phạm Hiệp định theo địa bàn (tên lúc xảy ra)", r"breach\.(province|district|commune)\.")
    ARTICLE39 = ("Điều 39", "Sự kiện thuộc Điều 39 Hiệp định: số vụ và số đếm kèm theo", r"(border_event|article39)\.")
    SEA = ("Trên biển", "Vụ việc trên biển", r"sea\.|matter\.sea_obstruction")
    MATTER = ("Công việc khác", "Công trình, duy tu, khảo sát, tuần tra, thư trao đổi", r"matter\.")
    LOOKED_AT = ("Không vi phạm", "Việc đã xét và không phải vi phạm", r"(exempt|no_breach)\.")
    CROSSING = ("Qua cửa khẩu", "Người, phương tiện, hàng hóa qua cửa khẩu", r"crossing\.")
    OPEN = ("Việc còn mở", "Việc còn mở", r"(needs_facts|open)\.")
    OVERALL = ("Tổng hợp", "Toàn bộ vụ việc được tính và đồn báo cáo", r"(incident|outcome|posts)\.")
    REST = ("Chỉ tiêu khác", "Chỉ tiêu khác", "")

    def __init__(self, sheet: str, title: str, ids: str) -> None:
        self.sheet = sheet
        self.title = title
        self.ids = re.compile(ids)


class FigureTables:
    """The tables of a report's figures. One in which nothing is counted has no rows: a sentence says that there was nothing, or who was silent."""

    def __init__(self, report: Report) -> None:
        self._before = {comparison.figure: comparison for comparison in report.comparisons}
        self._occurred = {row.subject: row.occurred.astimezone(HANOI).date() for row in report.rows}
        self.figures: defaultdict[Place, list[Figure]] = defaultdict(list)
        for figure in report.figures:
            self.figures[next(place for place in Place if place.ids.match(figure.id))].append(figure)

    def of(self, place: Place) -> Table:
        """The table, with columns for the year before if any of its figures can be compared."""
        figures = [figure for figure in self.figures[place] if self._is_row(figure)]
        if not any(map(self._counts, figures)):
            figures = []
        compared = [(figure, self._before.get(figure.id)) for figure in figures]
        compares = any(comparison is not None and comparison.before is not None for _, comparison in compared)
        rows: list[list[Cell]] = []
        for position, (figure, comparison) in enumerate(compared, start=1):
            row = [cell(position), cell(label_text(figure)), cell(figure.unit), value_cell(figure)]
            rows.append([*row, before_cell(figure, comparison), cell(change_text(figure, comparison))] if compares else row)
        wide = 16 if any(len(each.text) > _SHORT for row in rows for each in row[3:5]) else 12
        columns = f"TT:^6 | Chỉ tiêu:<{60 - 2 * wide if compares else 50} | Đơn vị:^10 | Kỳ này:>{wide}"
        if compares:
            columns += f" | Cùng kỳ năm trước:>{wide} | Tăng, giảm:>16"
        notes = notes_on(compared) + ((_SEVERAL,) if place is Place.CLAUSE and len(rows) > 1 else ())
        if rows and any(figure.unheard for figure in self.figures[place] if figure not in figures):
            notes += (_UNHEARD,)
        return replace(table(place.sheet, place.title, columns, rows, notes), stacked_in=FIGURES_SHEET)

    def _is_row(self, figure: Figure) -> bool:
        """Whether a reader looks for it: it counts something, or what there is none of completes the picture."""
        if figure.id == _DISTRICTLESS and all(self._occurred.get(str(each), date.min) >= districts_ended() for each in figure.subjects):
            return False
        return self._counts(figure) or _ALWAYS.match(figure.id) is not None

    def _counts(self, figure: Figure) -> bool:
        comparison = self._before.get(figure.id)
        return bool(figure.value) or is_suppressed(figure) or (comparison is not None and bool(comparison.before))


def months_table(report: Report) -> Table:
    """Breaches by report month and side: the numbers of the chart. It has no rows where there was none."""
    seen = {side for month in report.months for side, count in month.sides.items() if count}
    sides = [side for side in (*SIDES, *sorted(seen - set(SIDES))) if side in seen or side in (Side.CN, Side.VN)]
    total = report.figure("breach.total")
    none, notes = (0, ()) if total is None or is_complete(total) else ("", (_BLANK,))
    columns = " | ".join(["Tháng báo cáo:^14", *(f"{side_name(side)}:>11" for side in sides), "Tổng:>9"])
    rows: list[list[Value]] = [
        [month_name(month.id), *(month.sides.get(side) or none for side in sides), sum(month.sides.values()) or none]
        for month in report.months
    ]
    return table(MONTHS_SHEET, "Vụ vi phạm Hiệp định theo tháng báo cáo và phía vi phạm", columns, rows if seen else (), notes)


def gate_table(figures: Iterable[Figure]) -> Table:
    """A row for each gate pair behind the crossing figures of one direction. Totals of both directions would repeat them."""
    rows = [
        (gate_name(part.gate), way_name(part.direction), what, part.n, part.rows)
        for figure in figures
        if (what := _counted_what(figure.id)) is not None
        for part in figure.subjects
        if isinstance(part, Subtotal)
    ]
    columns = "Cặp cửa khẩu:<27 | Chiều:<24 | Nội dung:<20 | Số lượng:>17 | Số bản ghi:>10"
    return on_paper(table("Từng cửa khẩu", "Số liệu từng cặp cửa khẩu, theo chiều", columns, rows), _GATES_PRINTED, SUBTOTALS_SHEET)


def published_table(report: Report) -> Table:
    """The figures that are compared with published totals, and the source of each total."""
    figures = {figure.id: figure for figure in report.figures}
    compared = [each for each in report.comparisons if each.figure in figures and each.origin is Origin.BASELINE]
    rows = []
    for comparison in compared:
        figure = figures[comparison.figure]
        moved = change_text(figure, comparison)
        rows.append((label_text(figure), figure.unit, value_cell(figure), before_cell(figure, comparison), moved, origin_text(comparison)))
    columns = "Chỉ tiêu:<21 | Đơn vị:^9 | Kỳ này:>17 | Cùng kỳ:>17 | Tăng, giảm:>13 | Nguồn số cùng kỳ:<23"
    notes = notes_on((figures[comparison.figure], comparison) for comparison in compared)
    return table("So sánh", "Số đã công bố của cùng kỳ năm trước, và nguồn", columns, rows, notes)


def label_text(figure: Figure) -> str:
    """The label of a figure, with a capital."""
    return figure.label[:1].upper() + figure.label[1:]


def _counted_what(figure_id: str) -> str | None:
    """What a crossing figure of one direction counts; None for a total of both."""
    _, way, what, *unit = figure_id.split(".")
    if way == "total":
        return None
    return _WHAT.get(what, what) + (f" ({'.'.join(unit)})" if unit else "")
