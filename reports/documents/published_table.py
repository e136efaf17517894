"""The table of what was published of a period and no event counts."""

from agreement.published_families import PERCENT
from reports.documents.document_model import Table, Value, table
from reports.model import Report
from texts.wording import change


def published_only_table(report: Report) -> Table:
    """What was published of the period and no event counts, beside the year before, and the source of each."""
    rows: list[list[Value]] = []
    for position, total in enumerate(report.published_only, start=1):
        source = total.source + (f"\nCùng kỳ: {total.before_source}" if total.before_source else "")
        moved = "-" if total.before is None or total.unit == PERCENT else change(total.unit, total.value, total.before)
        rows.append([position, total.label, total.unit, total.value, "-" if total.before is None else total.before, moved, source])
    columns = "TT:^6 | Chỉ tiêu:<22 | Đơn vị:^9 | Kỳ này:>12 | Cùng kỳ năm trước:>12 | Tăng, giảm:>13 | Nguồn:<26"
    return table("Đã công bố", "Số liệu đã công bố của kỳ, không đếm từ tin báo", columns, rows)
