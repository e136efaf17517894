"""What a workbook holds beside the document's own tables: every figure, every incident, every subtotal, what moved, and what the codes in it mean."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from border.vietnam import HANOI
from reports.documents.annexes import clauses_text, moved_by, place_text
from reports.documents.cells import before_cell, origin_text, value_cell
from reports.documents.document_model import Table, Value, table
from reports.documents.tables import INCIDENTS_SHEET, SUBTOTALS_SHEET
from reports.figures.listed import definition
from reports.model import Report, Subtotal
from reports.names import gate_name, kind_name, outcome_name, side_name, way_name
from schemas.codebook_entries import codes, kinds


def data_sheets(report: Report) -> Iterator[Table]:
    """The sheets that have rows."""
    sheets = (_figures(report), _incidents(report), _subtotals(report), _moved(report), _checks(report), _codes(report))
    return (sheet for sheet in sheets if sheet.rows)


def _codes(report: Report) -> Table:
    """The codes that stand in this workbook, with what they mean; `mocgioi codebook` has all."""
    used, exact = {row.kind for row in report.rows}, {row.precision for row in report.rows}
    rows = [("loại việc", kind.value, entry.label.vi, entry.definition) for kind, entry in kinds().items() if kind in used]
    rows += [("độ chính xác", entry.code, entry.label.vi, entry.meaning) for entry in codes()["precision"] if entry.code in exact]
    return table("Bảng mã", "Mã dùng trong bảng tính này", "Nhóm:<16 | Mã:<22 | Tên:<36 | Định nghĩa:<90", rows)


def _figures(report: Report) -> Table:
    comparisons = {comparison.figure: comparison for comparison in report.comparisons}
    rows = []
    for figure in report.figures:
        comparison = comparisons.get(figure.id)
        before = "" if comparison is None or comparison.before is None else before_cell(figure, comparison)
        origin = "" if comparison is None else origin_text(comparison)
        meaning = definition(figure.id) or ""
        heard = "" if figure.coverage is None else f"{figure.coverage.whole}/{figure.coverage.expected}"
        value = value_cell(figure)
        rows.append((figure.id, figure.label, figure.unit, value, heard, before, origin, len(figure.subjects), meaning))
    columns = "Mã chỉ tiêu:<34 | Chỉ tiêu:<60 | Đơn vị:<14 | Kỳ này:>14 | Đồn báo cáo đủ kỳ:^10 | Cùng kỳ:>14 | Nguồn số cùng kỳ:<50"
    whole = table("Chỉ tiêu", "Mọi chỉ tiêu", f"{columns} | Số đối tượng đứng sau:>14 | Định nghĩa:<90", rows)
    return replace(whole, screen_only=1)


def _incidents(report: Report) -> Table:
    """A row for each incident with the figures that count it, for people who filter and count again."""
    figures: defaultdict[object, list[str]] = defaultdict(list)
    for figure in report.figures:
        for subject in figure.subjects:
            if isinstance(subject, str):
                figures[subject].append(figure.id)
    columns = (
        "Mã vụ việc:<42 | Thời gian (UTC+7):<20 | Độ chính xác:<12 | Loại việc:<34 | Kết luận:<22 | Phía:<18 | Điều khoản:<22 | Mốc:<24"
        " | Địa bàn:<36 | Lần cập nhật:>10 | Mã loại việc:<20 | Tính vào chỉ tiêu:<80"
    )
    rows: list[list[Value]] = []
    for row in report.rows:
        when: list[Value] = [row.subject, f"{row.occurred.astimezone(HANOI):%Y-%m-%d %H:%M}", row.precision]
        what: list[Value] = [kind_name(row.kind), outcome_name(row.outcome), side_name(row.side)]
        where: list[Value] = [clauses_text(row), ", ".join(row.markers), place_text(row)]
        rows.append([*when, *what, *where, row.version, row.kind, ", ".join(figures[row.subject])])
    # The last columns are for people who filter: printed, they would make all others too small to read.
    return replace(table(INCIDENTS_SHEET, "Vụ việc đứng sau các chỉ tiêu", columns, rows), screen_only=3)


def _subtotals(report: Report) -> Table:
    rows = [
        (figure.id, part.gate, gate_name(part.gate), way_name(part.direction), part.n, part.rows)
        for figure in report.figures
        for part in figure.subjects
        if isinstance(part, Subtotal)
    ]
    columns = "Mã chỉ tiêu:<34 | Mã cửa khẩu:<26 | Cặp cửa khẩu:<36 | Chiều:<28 | Số lượng:>16 | Số bản ghi:>12"
    return table(SUBTOTALS_SHEET, "Số cộng từng cặp cửa khẩu của mỗi chỉ tiêu", columns, rows)


def _moved(report: Report) -> Table:
    rows = [(moved.figure, how, each) for moved in report.moved for how, ids in moved_by(moved) for each in ids]
    columns = "Mã chỉ tiêu:<34 | Thay đổi:<14 | Vụ việc hoặc tin:<80"
    return table("Nguồn điều chỉnh", "Từng vụ việc, từng tin làm thay đổi chỉ tiêu", columns, rows)


def _checks(report: Report) -> Table:
    rows = [(position, check.code, subject) for position, check in enumerate(report.checks, start=1) for subject in check.subjects]
    columns = "TT:^6 | Mã kiểm tra:<26 | Vụ việc, bản ghi:<80"
    return table("Chi tiết kiểm tra", "Từng vụ việc, bản ghi của các điểm phải xem xét", columns, rows)
