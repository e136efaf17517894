"""Which table a figure is printed in, and the tables. A figure that no table asks for is printed in the last one: none is dropped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agreement.figure_families import SIDES
from border.gates import gates
from reports.documents.document_model import Align, Cell, Column, Table, amount, cut, plain
from reports.model import Comparison, Figure, Month, Origin, Report
from schemas.codebook import SIDE_LABELS, Side
from texts.wording import NOTHING_TO_COMPARE, change

SUPPRESSED = "…"
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
"""Signs of a number up to which a narrow column holds it: `541.131`."""
_BY_SIDE = frozenset({"breach.total", *(f"breach.{side}" for side in SIDES)})
_SIDES = frozenset(Side)
_WAYS = {"VN-CN": "Việt Nam sang Trung Quốc", "CN-VN": "Trung Quốc sang Việt Nam", "along": "dọc biên giới"}
_WHAT = {"persons": "lượt người", "vehicles": "lượt phương tiện", "goods": "hàng hóa"}
_SEVERAL = "Một vụ có thể vi phạm nhiều điều khoản và cũng thuộc Điều 39, nên các dòng không cộng thành tổng."


@dataclass(frozen=True, slots=True)
class Place:
    """A table that figures are printed in."""

    sheet: str
    title: str
    prefixes: tuple[str, ...]
    """Names begin with one of these; the first table of `PLACES` that fits has the figure."""

    def wants(self, figure_id: str) -> bool:
        """Whether a figure belongs here."""
        return figure_id.startswith(self.prefixes)


SIDE = Place("Theo phía", "Vụ vi phạm Hiệp định theo phía vi phạm", tuple(sorted(_BY_SIDE)))
KIND = Place("Theo loại việc", "Vụ vi phạm Hiệp định theo loại việc", ("breach.kind.",))
CLAUSE = Place("Theo điều khoản", "Vụ vi phạm Hiệp định theo điều khoản", ("breach.clause.", "breach.article39."))
STRETCH = Place("Theo đoạn mốc", "Vụ vi phạm Hiệp định theo đoạn mốc", ("breach.stretch.",))
AREA = Place(
    "Theo địa bàn", "Vụ vi phạm Hiệp định theo địa bàn (tên lúc xảy ra)", ("breach.province.", "breach.district.", "breach.commune.")
)
ARTICLE39 = Place("Điều 39", "Sự kiện thuộc Điều 39 Hiệp định: số vụ và số đếm kèm theo", ("border_event.", "article39."))
SEA = Place("Trên biển", "Vụ việc trên biển", ("sea.", "matter.sea_obstruction"))
MATTER = Place("Công việc khác", "Công trình, duy tu, khảo sát, tuần tra, thư trao đổi", ("matter.",))
LOOKED_AT = Place("Không vi phạm", "Việc đã xét và không phải vi phạm", ("exempt.", "no_breach."))
CROSSING = Place("Qua cửa khẩu", "Người, phương tiện, hàng hóa qua cửa khẩu", ("crossing.",))
OPEN = Place("Việc còn mở", "Việc còn mở", ("needs_facts.", "open."))
OVERALL = Place("Tổng hợp", "Toàn bộ vụ việc được tính và đồn báo cáo", ("incident.", "outcome.", "posts."))
REST = Place("Chỉ tiêu khác", "Chỉ tiêu khác", ("",))
PLACES = (KIND, CLAUSE, STRETCH, AREA, SIDE, ARTICLE39, SEA, MATTER, LOOKED_AT, CROSSING, OPEN, OVERALL, REST)


def placed(figures: Iterable[Figure]) -> dict[Place, list[Figure]]:
    """Every figure in its table."""
    found: dict[Place, list[Figure]] = {place: [] for place in PLACES}
    for figure in figures:
        found[next(place for place in PLACES if place is REST or _fits(place, figure.id))].append(figure)
    return found


def figure_table(report: Report, place: Place, figures: Sequence[Figure]) -> tuple[Table, ...]:
    """The table of these figures; none where there are none. Compared with the year before where one of them has something to be compared with."""
    if not figures:
        return ()
    before = {one.figure: one for one in report.comparisons}
    compares = any((one := before.get(figure.id)) is not None and one.before is not None for figure in figures)
    rows = []
    for position, figure in enumerate(figures, start=1):
        row = [amount(position), plain(label_text(figure)), plain(figure.unit), value_cell(figure.value)]
        if compares:
            earlier = before.get(figure.id)
            row += [before_cell(figure, earlier), plain(moved_by(figure, earlier))]
        rows.append(tuple(row))
    wide = 15 if any(len(cell.text) > _SHORT and cell.value is not None for row in rows for cell in row) else 11
    columns = [Column("TT", 5, Align.CENTER), Column("Chỉ tiêu", 60 - 2 * wide if compares else 50), Column("Đơn vị", 10, Align.CENTER)]
    columns.append(Column("Kỳ này", wide, Align.RIGHT))
    if compares:
        columns += [Column("Cùng kỳ năm trước", wide, Align.RIGHT), Column("Tăng, giảm", 16, Align.RIGHT)]
    notes = (*suppressed_notes(figures), *((_SEVERAL,) if place is CLAUSE and len(rows) > 1 else ()))
    return (Table(place.sheet, place.title, tuple(columns), tuple(rows), notes),)


def counted_table(report: Report, place: Place, figures: Sequence[Figure]) -> tuple[Table, ...]:
    """The same, and none where there is nothing but zeros: the chapter's sentence says that there was nothing."""
    return figure_table(report, place, figures) if any(figure.value != 0 for figure in figures) else ()


def months_table(months: Sequence[Month]) -> Table:
    """Breaches by report month and side: the numbers of the chart."""
    sides = [*SIDES, *sorted({side for month in months for side in month.sides} - set(SIDES))]
    columns = (
        Column("Tháng báo cáo", 14, Align.CENTER),
        *(Column(side_name(side), 11, Align.RIGHT) for side in sides),
        Column("Tổng", 9, Align.RIGHT),
    )
    rows = tuple(
        (plain(month_name(month.id)), *(amount(month.sides.get(side, 0)) for side in sides), amount(sum(month.sides.values())))
        for month in months
    )
    return Table(MONTHS_SHEET, "Vụ vi phạm Hiệp định theo tháng báo cáo và phía vi phạm", columns, rows)


def gate_table(figures: Iterable[Figure]) -> tuple[Table, ...]:
    """The subtotals behind the crossing figures of one direction each, a gate pair a row; the totals of both directions are these again."""
    columns = (
        Column("Cặp cửa khẩu", 28),
        Column("Chiều", 24),
        Column("Nội dung", 20),
        Column("Số lượng", 16, Align.RIGHT),
        Column("Số bản ghi", 10, Align.RIGHT),
    )
    rows = [
        (plain(gate_name(one.gate)), plain(way_name(one.direction)), plain(what), amount(one.n), amount(one.rows))
        for figure in figures
        if (what := counted_what(figure.id)) is not None
        for one in figure.subjects
        if not isinstance(one, str)
    ]
    table = Table(
        "Từng cửa khẩu", "Số liệu từng cặp cửa khẩu, theo chiều", columns, tuple(rows[:_GATES_PRINTED]), listed_in=SUBTOTALS_SHEET
    )
    return (cut(table, len(rows) - len(table.rows)),) if rows else ()


def published_table(report: Report) -> tuple[Table, ...]:
    """The figures that are compared with published totals, and where each of those is from. None where none is."""
    figures = {figure.id: figure for figure in report.figures}
    known = [(figures[one.figure], one) for one in report.comparisons if one.figure in figures and one.origin is Origin.BASELINE]
    columns = (
        Column("Chỉ tiêu", 22),
        Column("Đơn vị", 9, Align.CENTER),
        Column("Kỳ này", 16, Align.RIGHT),
        Column("Cùng kỳ", 16, Align.RIGHT),
        Column("Tăng, giảm", 13, Align.RIGHT),
        Column("Nguồn số cùng kỳ", 24),
    )
    rows = tuple(
        (
            plain(label_text(figure)),
            plain(figure.unit),
            value_cell(figure.value),
            before_cell(figure, one),
            plain(moved_by(figure, one)),
            plain(origin_text(one)),
        )
        for figure, one in known
    )
    notes = suppressed_notes(figure for figure, _ in known)
    return (Table("So sánh", "Số đã công bố của cùng kỳ năm trước, và nguồn", columns, rows, notes),) if rows else ()


def label_text(figure: Figure) -> str:
    """What a figure counts, as a line of a table begins."""
    return figure.label[:1].upper() + figure.label[1:]


def value_cell(value: float | None) -> Cell:
    """A figure's value; a suppressed one as such."""
    return plain(SUPPRESSED) if value is None else amount(value)


def before_cell(figure: Figure, one: Comparison | None) -> Cell:
    """The earlier figure. A missing one is said to be missing: never 0. What is of a moment is not compared at all."""
    if one is None:
        return plain(SUPPRESSED if figure.value is None else "-")
    return plain(NOTHING_TO_COMPARE) if one.before is None else amount(one.before)


def moved_by(figure: Figure, one: Comparison | None) -> str:
    """The change, in words. Of a suppressed figure it would give the figure away."""
    if figure.value is None:
        return SUPPRESSED
    return "-" if one is None or one.before is None else change(figure.unit, figure.value, one.before)


def origin_text(one: Comparison) -> str:
    """Where the earlier figure is from."""
    if one.before is None or one.origin is None:
        return "-"
    where = "số đã công bố" if one.origin is Origin.BASELINE else "dữ liệu của hệ thống"
    return f"{where}, kỳ {one.period}" + (f": {one.source}" if one.source else "")


def suppressed_notes(figures: Iterable[Figure]) -> tuple[str, ...]:
    """What the sign of a suppressed figure means, where one is there."""
    return (SUPPRESSED_NOTE,) if any(figure.value is None for figure in figures) else ()


def side_name(side: str) -> str:
    """As people call it; what is no code of ours stays as it is."""
    return SIDE_LABELS[Side(side)].vi if side in _SIDES else side


def gate_name(slug: str) -> str:
    """Tân Thanh - Pò Chài; a gate that is not in the table by its code."""
    found = gates().get(slug)
    return found.label if found else slug


def way_name(direction: str) -> str:
    """Which way."""
    return _WAYS.get(direction, direction)


def counted_what(figure_id: str) -> str | None:
    """What a crossing figure of one direction counts; None for a total of both."""
    _, way, what, *unit = figure_id.split(".")
    if way == "total":
        return None
    return _WHAT.get(what, what) + (f" ({'.'.join(unit)})" if unit else "")


def month_name(month_id: str) -> str:
    """`10/2019` of `2019-10`."""
    year, _, month = month_id.partition("-")
    return f"{month}/{year}" if month else month_id


def _fits(place: Place, figure_id: str) -> bool:
    return figure_id in _BY_SIDE if place is SIDE else place.wants(figure_id)
