"""What stands behind the figures: the lists of incidents, the published totals compared with, what moved since the last version, the checks."""

from collections.abc import Iterable, Iterator, Sequence

from border.places import Province, province_name
from border.vietnam import HANOI
from reports.documents.document_model import Align, Block, Column, Section, Table, amount, cut, plain, stopped
from reports.documents.tables import INCIDENTS_SHEET, label_text, published_table, side_name, value_cell
from reports.model import Check, Moved, Report, Row, Severity
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, Kind, Outcome, Precision
from texts.wording import change, number

_OTHERS_PRINTED = 40
"""Rows of other incidents on paper. Breaches are all printed: they are few, and each is accounted for."""
_NAMED = 10
"""Subjects and events named in one cell; the workbook and the JSON name all."""
_KINDS, _OUTCOMES, _PROVINCES = frozenset(Kind), frozenset(Outcome), frozenset(Province)
_ROMAN = ("I", "II", "III", "IV", "V")
PUBLISHED = "So sánh với số đã công bố của cùng kỳ năm trước"
"""Heading of the annex with the sources of published totals."""
CHECKED = "Kết quả tự kiểm tra số liệu"
"""Heading of the annex on the self-audit."""
SEVERITIES = {Severity.ERROR: "lỗi", Severity.REVIEW: "cần xem xét", Severity.NOTE: "lưu ý"}
"""What people call them."""


def annexes(report: Report) -> tuple[Section, ...]:
    """The annexes that have something to say, numbered."""
    breaches = [row for row in report.rows if row.outcome == Outcome.BREACH]
    others = [row for row in report.rows if row.outcome != Outcome.BREACH]
    made = [
        (PUBLISHED, Block(tables=published_table(report))),
        ("Danh sách vụ vi phạm Hiệp định", _listed("Vụ vi phạm Hiệp định trong kỳ", breaches, len(breaches))),
        ("Danh sách vụ việc khác", _listed("Vụ việc khác được tính trong kỳ", others, _OTHERS_PRINTED)),
        ("Số liệu điều chỉnh so với báo cáo trước", _moved(report)),
        (CHECKED, Block(tables=_checks(report.checks))),
    ]
    said = [(heading, block) for heading, block in made if not block.is_empty]
    return tuple(
        Section(f"Phụ lục {number}", heading, (block,)) for number, (heading, block) in zip(_ROMAN[: len(said)], said, strict=True)
    )


def occurred_text(row: Row) -> str:
    """When it occurred, no more exactly than it is known."""
    start = row.occurred.astimezone(HANOI)
    said = {
        Precision.MINUTE: f"{start:%H:%M, %d/%m/%Y}",
        Precision.HOUR: f"khoảng {start:%H} giờ, {start:%d/%m/%Y}",
        Precision.NIGHT: f"đêm {start:%d/%m/%Y}",
        Precision.DAY: f"{start:%d/%m/%Y}",
        Precision.MONTH: f"tháng {start:%m/%Y}",
        Precision.QUARTER: f"quý {_ROMAN[(start.month - 1) // 3]}/{start.year}",
        Precision.HALF: f"6 tháng {'đầu' if start.month <= 6 else 'cuối'} năm {start.year}",
        Precision.YEAR: f"năm {start.year}",
    }
    return said[Precision(row.precision)]


def kind_name(kind: str) -> str:
    """As people call it."""
    return KIND_LABELS[Kind(kind)].vi if kind in _KINDS else kind


def outcome_name(outcome: str) -> str:
    """As people call it."""
    return OUTCOME_LABELS[Outcome(outcome)].vi if outcome in _OUTCOMES else outcome


def clauses_text(row: Row) -> str:
    """`21(1); mục 6 Điều 39`."""
    return "; ".join((*row.clauses, *(f"mục {item} Điều 39" for item in row.article39)))


def place_text(row: Row) -> str:
    """Commune, district, province: as far as they are known."""
    province = province_name(Province(row.province)) if row.province in _PROVINCES else row.province
    return ", ".join(part for part in (row.commune, row.district, province) if part)


def moved_events(report: Report) -> Iterator[tuple[str, str, str]]:
    """Each thing that moved a figure: figure, how, what."""
    for one in report.moved:
        for how, named in _moved_by(one):
            for what in named:
                yield one.figure, how, what


def _checks(checks: Sequence[Check]) -> tuple[Table, ...]:
    columns = (
        Column("TT", 6, Align.CENTER),
        Column("Mức", 12, Align.CENTER),
        Column("Nội dung", 48),
        Column("Vụ việc, bản ghi liên quan", 34),
    )
    rows = tuple(
        (amount(position), plain(SEVERITIES[one.severity]), plain(stopped(one.message)), plain(_some(one.subjects)))
        for position, one in enumerate(checks, start=1)
    )
    return (Table("Kiểm tra", "Điểm phải xem xét trước khi ký", columns, rows),) if rows else ()


def _listed(title: str, rows: Sequence[Row], printed: int) -> Block:
    if not rows:
        return Block()
    judged = any(row.outcome != Outcome.BREACH for row in rows)
    columns = [
        Column("TT", 6, Align.CENTER),
        Column("Mã vụ việc", 22),
        Column("Thời gian", 16),
        Column("Loại việc", 17),
        *((Column("Kết luận", 13),) if judged else ()),
        Column("Phía", 11),
        Column("Điều khoản", 12),
        Column("Mốc", 13),
        Column("Địa bàn", 15),
    ]
    told = []
    for position, row in enumerate(rows[:printed], start=1):
        cells = [amount(position), plain(row.subject), plain(occurred_text(row)), plain(kind_name(row.kind))]
        cells += [plain(outcome_name(row.outcome))] if judged else []
        cells += [plain(side_name(row.side)), plain(clauses_text(row)), plain(", ".join(row.markers)), plain(place_text(row))]
        told.append(tuple(cells))
    table = Table(title, title, tuple(columns), tuple(told), listed_in=INCIDENTS_SHEET)
    return Block(tables=(cut(table, len(rows) - len(told)),))


def _moved(report: Report) -> Block:
    if not report.moved:
        return Block()
    columns = (
        Column("Chỉ tiêu", 22),
        Column("Báo cáo trước", 16, Align.RIGHT),
        Column("Báo cáo này", 16, Align.RIGHT),
        Column("Tăng, giảm", 14, Align.RIGHT),
        Column("Vụ việc, tin làm thay đổi", 32),
    )
    rows = []
    for one in report.moved:
        figure = report.figure(one.figure)
        label, unit = (one.figure, "") if figure is None else (label_text(figure), figure.unit)
        known = one.before is not None and one.after is not None
        step = change(unit, one.after, one.before) if one.after is not None and known else "-"
        rows.append((plain(label), value_cell(one.before), value_cell(one.after), plain(step), plain(_why(one))))
    return Block(tables=(Table("Điều chỉnh", "Chỉ tiêu thay đổi so với báo cáo trước", columns, tuple(rows)),))


def _why(one: Moved) -> str:
    return "\n".join(f"{how}: {_some(named)}" for how, named in _moved_by(one) if named)


def _moved_by(one: Moved) -> Iterable[tuple[str, tuple[str, ...]]]:
    return ("thêm", one.added), ("bớt", one.removed), ("thay đổi", one.changed), ("tin mới", one.events)


def _some(named: Sequence[str]) -> str:
    left = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" và {number(left)} mục khác" if left > 0 else "")
