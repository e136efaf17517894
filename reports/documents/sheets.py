"""What a workbook holds beside the document's own tables: every figure, every incident, every subtotal, what moved, and what the codes mean."""

from collections import defaultdict
from collections.abc import Iterator

from border.vietnam import HANOI
from reports.documents.annexes import clauses_text, moved_by, place_text
from reports.documents.document_model import Table, Value, table
from reports.documents.tables import INCIDENTS_SHEET, SUBTOTALS_SHEET, origin_text
from reports.figures.listed import definition
from reports.model import Report, Subtotal
from reports.names import gate_name, kind_name, outcome_name, side_name, way_name
from schemas.codebook_entries import codes, facts, kinds


def data_sheets(report: Report) -> Iterator[Table]:
    """The sheets that have rows."""
    sheets = (_figures(report), _incidents(report), _subtotals(report), _moved(report), _checks(report), codebook())
    return (sheet for sheet in sheets if sheet.rows)


def codebook() -> Table:
    """Every code: kinds of incident, the closed sets, the facts."""
    rows = [("kind", kind.value, entry.label.vi, entry.label.en, entry.definition) for kind, entry in kinds().items()]
    rows += [(group, entry.code, entry.label.vi, entry.label.en, entry.meaning) for group, entries in codes().items() for entry in entries]
    rows += [("fact", name, entry.label.vi, entry.label.en, entry.definition) for name, entry in facts().items()]
    return table("Bảng mã", "Bảng mã", "Nhóm:<16 | Mã:<22 | Tên tiếng Việt:<36 | Tiếng Anh:<36 | Định nghĩa:<90", rows)


def _figures(report: Report) -> Table:
    comparisons = {comparison.figure: comparison for comparison in report.comparisons}
    rows = []
    for figure in report.figures:
        comparison = comparisons.get(figure.id)
        before = "" if comparison is None or comparison.before is None else comparison.before
        origin = "" if comparison is None else origin_text(comparison)
        meaning = definition(figure.id) or ""
        rows.append((figure.id, figure.label, figure.unit, figure.value, before, origin, len(figure.subjects), meaning))
    columns = "Mã chỉ tiêu:<34 | Chỉ tiêu:<60 | Đơn vị:<14 | Kỳ này:>14 | Cùng kỳ:>14 | Nguồn số cùng kỳ:<50"
    return table("Chỉ tiêu", "Mọi chỉ tiêu", f"{columns} | Số đối tượng đứng sau:>14 | Định nghĩa:<90", rows)


def _incidents(report: Report) -> Table:
    """A row for each incident with the figures that count it, for people who filter and count again."""
    figures: defaultdict[object, list[str]] = defaultdict(list)
    for figure in report.figures:
        for subject in figure.subjects:
            if isinstance(subject, str):
                figures[subject].append(figure.id)
    columns = (
        "Mã vụ việc:<42 | Thời gian (UTC+7):<20 | Độ chính xác:<12 | Mã loại việc:<20 | Loại việc:<34 | Kết luận:<22 | Phía:<18"
        " | Điều khoản:<22 | Mốc:<24 | Địa bàn:<36 | Lần cập nhật:>10 | Tính vào chỉ tiêu:<80"
    )
    rows: list[list[Value]] = []
    for row in report.rows:
        occurred = f"{row.occurred.astimezone(HANOI):%Y-%m-%d %H:%M}"
        what: list[Value] = [
            row.subject,
            occurred,
            row.precision,
            row.kind,
            kind_name(row.kind),
            outcome_name(row.outcome),
            side_name(row.side),
        ]
        where: list[Value] = [clauses_text(row), ", ".join(row.markers), place_text(row)]
        rows.append([*what, *where, row.version, ", ".join(figures[row.subject])])
    return table(INCIDENTS_SHEET, "Vụ việc đứng sau các chỉ tiêu", columns, rows)


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
