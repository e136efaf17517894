"""What a workbook holds beside the document's own tables: every figure, every incident, every subtotal, what moved, and what the codes mean."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from border.vietnam import HANOI
from reports.documents.annexes import clauses_text, kind_name, moved_events, outcome_name, place_text
from reports.documents.document_model import Align, Cell, Column, Table, amount, plain
from reports.documents.tables import INCIDENTS_SHEET, SUBTOTALS_SHEET, gate_name, origin_text, side_name, value_cell, way_name
from reports.figures.listed import definition
from reports.model import Report, Subtotal
from schemas.codebook_entries import codes, facts, kinds


def data_sheets(report: Report) -> Iterator[Table]:
    """Those that have a row, and the codebook."""
    for table in (_figures(report), _incidents(report), _subtotals(report), _moved(report), _checked(report), codebook()):
        if table.rows:
            yield table


def codebook() -> Table:
    """Every code: kinds of incident, the closed sets, the facts."""
    columns = (
        Column("Nhóm", 16),
        Column("Mã", 22),
        Column("Tên tiếng Việt", 36),
        Column("Tiếng Anh", 36),
        Column("Định nghĩa", 90),
    )
    rows = [("kind", kind.value, entry.label.vi, entry.label.en, entry.definition) for kind, entry in kinds().items()]
    rows += [(group, entry.code, entry.label.vi, entry.label.en, entry.meaning) for group, entries in codes().items() for entry in entries]
    rows += [("fact", name, entry.label.vi, entry.label.en, entry.definition) for name, entry in facts().items()]
    return Table("Bảng mã", "Bảng mã", columns, tuple(tuple(plain(text) for text in row) for row in rows))


def _figures(report: Report) -> Table:
    before = {one.figure: one for one in report.comparisons}
    columns = (
        Column("Mã chỉ tiêu", 34),
        Column("Chỉ tiêu", 60),
        Column("Đơn vị", 14),
        Column("Kỳ này", 14, Align.RIGHT),
        Column("Cùng kỳ", 14, Align.RIGHT),
        Column("Nguồn số cùng kỳ", 50),
        Column("Số đối tượng đứng sau", 14, Align.RIGHT),
        Column("Định nghĩa", 90),
    )
    rows = []
    for figure in report.figures:
        one = before.get(figure.id)
        then = plain("") if one is None or one.before is None else amount(one.before)
        source = plain("" if one is None else origin_text(one))
        rows.append(
            (
                plain(figure.id),
                plain(figure.label),
                plain(figure.unit),
                value_cell(figure.value),
                then,
                source,
                amount(len(figure.subjects)),
                plain(definition(figure.id) or ""),
            )
        )
    return Table("Chỉ tiêu", "Mọi chỉ tiêu", columns, tuple(rows))


def _incidents(report: Report) -> Table:
    """One row an incident, with the figures it stands in: what a person filters and counts again."""
    counted_in = _counted_in(report)
    columns = (
        Column("Mã vụ việc", 42),
        Column("Thời gian (UTC+7)", 20),
        Column("Độ chính xác", 12),
        Column("Mã loại việc", 20),
        Column("Loại việc", 34),
        Column("Kết luận", 22),
        Column("Phía", 18),
        Column("Điều khoản", 22),
        Column("Mốc", 24),
        Column("Địa bàn", 36),
        Column("Lần cập nhật", 10, Align.RIGHT),
        Column("Tính vào chỉ tiêu", 80),
    )
    rows = tuple(
        (
            plain(row.subject),
            plain(f"{row.occurred.astimezone(HANOI):%Y-%m-%d %H:%M}"),
            plain(row.precision),
            plain(row.kind),
            plain(kind_name(row.kind)),
            plain(outcome_name(row.outcome)),
            plain(side_name(row.side)),
            plain(clauses_text(row)),
            plain(", ".join(row.markers)),
            plain(place_text(row)),
            amount(row.version),
            plain(", ".join(counted_in[row.subject])),
        )
        for row in report.rows
    )
    return Table(INCIDENTS_SHEET, "Vụ việc đứng sau các chỉ tiêu", columns, rows)


def _subtotals(report: Report) -> Table:
    columns = (
        Column("Mã chỉ tiêu", 34),
        Column("Mã cửa khẩu", 26),
        Column("Cặp cửa khẩu", 36),
        Column("Chiều", 28),
        Column("Số lượng", 16, Align.RIGHT),
        Column("Số bản ghi", 12, Align.RIGHT),
    )
    rows: list[tuple[Cell, ...]] = [
        (plain(figure.id), plain(one.gate), plain(gate_name(one.gate)), plain(way_name(one.direction)), amount(one.n), amount(one.rows))
        for figure in report.figures
        for one in figure.subjects
        if isinstance(one, Subtotal)
    ]
    return Table(SUBTOTALS_SHEET, "Số cộng từng cặp cửa khẩu của mỗi chỉ tiêu", columns, tuple(rows))


def _moved(report: Report) -> Table:
    columns = (Column("Mã chỉ tiêu", 34), Column("Thay đổi", 14), Column("Vụ việc hoặc tin", 80))
    rows = tuple((plain(figure), plain(how), plain(what)) for figure, how, what in moved_events(report))
    return Table("Nguồn điều chỉnh", "Từng vụ việc, từng tin làm thay đổi chỉ tiêu", columns, rows)


def _checked(report: Report) -> Table:
    columns = (Column("TT", 6, Align.CENTER), Column("Mã kiểm tra", 26), Column("Vụ việc, bản ghi", 80))
    rows = tuple(
        (amount(position), plain(one.code), plain(subject))
        for position, one in enumerate(report.checks, start=1)
        for subject in one.subjects
    )
    return Table("Chi tiết kiểm tra", "Từng vụ việc, bản ghi của các điểm phải xem xét", columns, rows)


def _counted_in(report: Report) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for figure in report.figures:
        for subject in figure.subjects:
            if isinstance(subject, str):
                found[subject].append(figure.id)
    return found
