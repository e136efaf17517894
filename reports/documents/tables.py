"""Which table a figure is printed in, and the tables. A figure that fits no other table is printed in the last: none is dropped."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum

from agreement.figure_families import SIDES
from reports.documents.document_model import SUPPRESSED, Cell, Table, Value, cell, on_paper, table
from reports.model import Comparison, Figure, Month, Origin, Report, Subtotal
from reports.names import gate_name, month_name, side_name, way_name
from texts.wording import NOTHING_TO_COMPARE, change

SUPPRESSED_NOTE = f"{SUPPRESSED} : không công bố, dưới mức tối thiểu."
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
    """The tables of a report's figures. One without figures has no rows."""

    def __init__(self, report: Report) -> None:
        self._before = {comparison.figure: comparison for comparison in report.comparisons}
        self.figures: defaultdict[Place, list[Figure]] = defaultdict(list)
        for figure in report.figures:
            self.figures[next(place for place in Place if place.ids.match(figure.id))].append(figure)

    def of(self, place: Place) -> Table:
        """The table, with columns for the year before if any of its figures can be compared."""
        figures = self.figures[place]
        earlier = [self._before.get(figure.id) for figure in figures]
        compares = any(comparison is not None and comparison.before is not None for comparison in earlier)
        rows: list[list[Cell]] = []
        for position, (figure, comparison) in enumerate(zip(figures, earlier, strict=True), start=1):
            row = [cell(position), cell(label_text(figure)), cell(figure.unit), cell(figure.value)]
            rows.append([*row, before_cell(figure, comparison), cell(change_text(figure, comparison))] if compares else row)
        wide = 15 if any(len(each.text) > _SHORT and each.value is not None for row in rows for each in row) else 11
        columns = f"TT:^5 | Chỉ tiêu:<{60 - 2 * wide if compares else 50} | Đơn vị:^10 | Kỳ này:>{wide}"
        if compares:
            columns += f" | Cùng kỳ năm trước:>{wide} | Tăng, giảm:>16"
        notes = suppressed_notes(figures) + ((_SEVERAL,) if place is Place.CLAUSE and len(rows) > 1 else ())
        return table(place.sheet, place.title, columns, rows, notes)

    def counted(self, place: Place) -> tuple[Table, ...]:
        """The table, unless all its figures are 0: then the chapter's sentence says that there was nothing."""
        return (self.of(place),) if any(figure.value != 0 for figure in self.figures[place]) else ()


def months_table(months: Sequence[Month]) -> Table:
    """Breaches by report month and side: the numbers of the chart."""
    sides = [*SIDES, *sorted({side for month in months for side in month.sides} - set(SIDES))]
    columns = " | ".join(["Tháng báo cáo:^14", *(f"{side_name(side)}:>11" for side in sides), "Tổng:>9"])
    rows: list[list[Value]] = [
        [month_name(month.id), *(month.sides.get(side, 0) for side in sides), sum(month.sides.values())] for month in months
    ]
    return table(MONTHS_SHEET, "Vụ vi phạm Hiệp định theo tháng báo cáo và phía vi phạm", columns, rows)


def gate_table(figures: Iterable[Figure]) -> Table:
    """A row for each gate pair behind the crossing figures of one direction. Totals of both directions would repeat them."""
    rows = [
        (gate_name(part.gate), way_name(part.direction), what, part.n, part.rows)
        for figure in figures
        if (what := _counted_what(figure.id)) is not None
        for part in figure.subjects
        if isinstance(part, Subtotal)
    ]
    columns = "Cặp cửa khẩu:<28 | Chiều:<24 | Nội dung:<20 | Số lượng:>16 | Số bản ghi:>10"
    return on_paper(table("Từng cửa khẩu", "Số liệu từng cặp cửa khẩu, theo chiều", columns, rows), _GATES_PRINTED, SUBTOTALS_SHEET)


def published_table(report: Report) -> Table:
    """The figures that are compared with published totals, and the source of each total."""
    figures = {figure.id: figure for figure in report.figures}
    compared = [each for each in report.comparisons if each.figure in figures and each.origin is Origin.BASELINE]
    rows = []
    for comparison in compared:
        figure = figures[comparison.figure]
        moved = change_text(figure, comparison)
        rows.append((label_text(figure), figure.unit, figure.value, before_cell(figure, comparison), moved, origin_text(comparison)))
    columns = "Chỉ tiêu:<22 | Đơn vị:^9 | Kỳ này:>16 | Cùng kỳ:>16 | Tăng, giảm:>13 | Nguồn số cùng kỳ:<24"
    notes = suppressed_notes(figures[comparison.figure] for comparison in compared)
    return table("So sánh", "Số đã công bố của cùng kỳ năm trước, và nguồn", columns, rows, notes)


def label_text(figure: Figure) -> str:
    """The label of a figure, with a capital."""
    return figure.label[:1].upper() + figure.label[1:]


def before_cell(figure: Figure, comparison: Comparison | None) -> Cell:
    """The earlier figure. A missing figure is never shown as 0; a figure of a moment is not compared at all."""
    if comparison is None:
        return cell(SUPPRESSED if figure.value is None else "-")
    return cell(NOTHING_TO_COMPARE if comparison.before is None else comparison.before)


def change_text(figure: Figure, comparison: Comparison | None) -> str:
    """The change, in words. It is suppressed with its figure, which could be worked out from it."""
    if figure.value is None:
        return SUPPRESSED
    return "-" if comparison is None or comparison.before is None else change(figure.unit, figure.value, comparison.before)


def origin_text(comparison: Comparison) -> str:
    """Where the earlier figure is from."""
    if comparison.before is None or comparison.origin is None:
        return "-"
    where = "số đã công bố" if comparison.origin is Origin.BASELINE else "dữ liệu của hệ thống"
    return f"{where}, kỳ {comparison.period}" + (f": {comparison.source}" if comparison.source else "")


def suppressed_notes(figures: Iterable[Figure]) -> tuple[str, ...]:
    """What the sign of a suppressed figure means, where there is such a figure."""
    return (SUPPRESSED_NOTE,) if any(figure.value is None for figure in figures) else ()


def _counted_what(figure_id: str) -> str | None:
    """What a crossing figure of one direction counts; None for a total of both."""
    _, way, what, *unit = figure_id.split(".")
    if way == "total":
        return None
    return _WHAT.get(what, what) + (f" ({'.'.join(unit)})" if unit else "")
