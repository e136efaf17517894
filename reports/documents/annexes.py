"""The annexes of a report: published totals, lists of incidents, what moved since the last version, the checks and where the numbers are from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from border.vietnam import HANOI
from reports.documents.document_model import Block, Chapter, Table, Value, on_paper, printed, stopped, table
from reports.documents.tables import INCIDENTS_SHEET, label_text, published_table
from reports.model import Moved, Report, Row, Severity
from reports.names import behind_name, kind_name, outcome_name, province_label, side_name
from schemas.codebook import Outcome, Precision
from texts.wording import change, number

_OTHERS_PRINTED = 40
"""Rows of other incidents on paper. Breaches are all printed: they are few, and each is accounted for."""
_NAMED = 10
"""Subjects and events named in one cell; the workbook and the JSON name all."""
_ROMAN = ("I", "II", "III", "IV", "V")
PUBLISHED = "So sánh với số đã công bố của cùng kỳ năm trước"
"""Heading of the annex with the sources of published totals."""
CHECKED = "Kết quả tự kiểm tra và nguồn gốc số liệu"
"""Heading of the annex on the self-audit, for who signs and who checks."""
ORIGIN_SHEET = "Thông tin"
"""The workbook's first sheet."""
SEVERITIES = {Severity.ERROR: "lỗi", Severity.REVIEW: "cần xem xét", Severity.NOTE: "lưu ý"}
"""Vietnamese names."""


def annexes(report: Report, origin: Sequence[tuple[str, str]]) -> tuple[Chapter, ...]:
    """The annexes that are not empty, numbered. `origin`: where the numbers are from."""
    breaches = [row for row in report.rows if row.outcome == Outcome.BREACH]
    others = [row for row in report.rows if row.outcome != Outcome.BREACH]
    annexed = {
        PUBLISHED: [Block(tables=(published_table(report),))],
        "Danh sách vụ vi phạm Hiệp định": [Block(tables=(_incidents("Vụ vi phạm Hiệp định trong kỳ", breaches, len(breaches)),))],
        "Danh sách vụ việc khác": [Block(tables=(_incidents("Vụ việc khác được tính trong kỳ", others, _OTHERS_PRINTED),))],
        "Số liệu điều chỉnh so với báo cáo trước": [Block(tables=(_moved(report),))],
        CHECKED: [Block(tables=(_checks(report), _origin(origin)))],
    }
    filled = [(heading, blocks) for heading, parts in annexed.items() if (blocks := printed(parts))]
    return tuple(Chapter(f"Phụ lục {numeral}", *annex) for numeral, annex in zip(_ROMAN, filled, strict=False))


def occurred_text(row: Row) -> str:
    """When an incident occurred, as exactly as it is known."""
    start = row.occurred.astimezone(HANOI)
    texts = {
        Precision.MINUTE: f"{start:%H:%M, %d/%m/%Y}",
        Precision.HOUR: f"khoảng {start:%H} giờ, {start:%d/%m/%Y}",
        Precision.NIGHT: f"đêm {start:%d/%m/%Y}",
        Precision.DAY: f"{start:%d/%m/%Y}",
        Precision.MONTH: f"tháng {start:%m/%Y}",
        Precision.QUARTER: f"quý {_ROMAN[(start.month - 1) // 3]}/{start.year}",
        Precision.HALF: f"6 tháng {'đầu' if start.month <= 6 else 'cuối'} năm {start.year}",
        Precision.YEAR: f"năm {start.year}",
    }
    return texts[Precision(row.precision)]


def clauses_text(row: Row) -> str:
    """`21(1); mục 6 Điều 39`."""
    return "; ".join((*row.clauses, *(f"mục {item} Điều 39" for item in row.article39)))


def place_text(row: Row) -> str:
    """Commune, district, province: as far as they are known."""
    return ", ".join(part for part in (row.commune, row.district, province_label(row.province)) if part)


def moved_by(moved: Moved) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What moved a figure: how, and which incidents or events."""
    yield from (("thêm", moved.added), ("bớt", moved.removed), ("thay đổi", moved.changed), ("tin mới", moved.events))


def _checks(report: Report) -> Table:
    reasons = {accepted.code: f"\nChấp nhận khi phát hành: {stopped(accepted.reason)}" for accepted in report.accepted}
    rows = [
        (position, SEVERITIES[check.severity], stopped(check.message) + reasons.get(check.code, ""), _first(check.subjects))
        for position, check in enumerate(report.checks, start=1)
    ]
    columns = "TT:^6 | Mức:^12 | Nội dung:<48 | Vụ việc, bản ghi liên quan:<34"
    return table("Kiểm tra", "Điểm phải xem xét trước khi ký", columns, rows)


def _origin(origin: Sequence[tuple[str, str]]) -> Table:
    return replace(table("Nguồn gốc", "Nguồn gốc số liệu", "Nội dung:<28 | Chi tiết:<72", origin), listed_in=ORIGIN_SHEET)


def _incidents(title: str, incidents: Sequence[Row], most: int) -> Table:
    """A list of incidents, with a column of outcomes where not all are breaches."""
    judged = any(row.outcome != Outcome.BREACH for row in incidents)
    columns = f"TT:^7 | Mã vụ việc:<30 | Thời gian:<18 | Loại việc:<20{' | Kết luận:<17' if judged else ''}"
    rows: list[list[Value]] = []
    for position, row in enumerate(incidents, start=1):
        outcome = [outcome_name(row.outcome)] if judged else []
        what: list[Value] = [position, row.subject, occurred_text(row), kind_name(row.kind), *outcome]
        rows.append([*what, side_name(row.side), clauses_text(row), ", ".join(row.markers), place_text(row)])
    whole = table(title, title, f"{columns} | Phía:<15 | Điều khoản:<15 | Mốc:<15 | Địa bàn:<22", rows)
    return on_paper(whole, most, INCIDENTS_SHEET)


def _moved(report: Report) -> Table:
    rows = []
    for moved in report.moved:
        figure = report.figure(moved.figure)
        label, unit = (moved.figure, "") if figure is None else (label_text(figure), figure.unit)
        step = "-" if moved.before is None or moved.after is None else change(unit, moved.after, moved.before)
        why = "\n".join(f"{how}: {_first(ids)}" for how, ids in moved_by(moved) if ids)
        rows.append((label, moved.before, moved.after, step, why))
    columns = "Chỉ tiêu:<21 | Báo cáo trước:>17 | Báo cáo này:>17 | Tăng, giảm:>14 | Vụ việc, tin làm thay đổi:<31"
    return table("Điều chỉnh", "Chỉ tiêu thay đổi so với báo cáo trước", columns, rows)


def _first(ids: Sequence[str]) -> str:
    left = len(ids) - _NAMED
    return ", ".join(map(behind_name, ids[:_NAMED])) + (f" và {number(left)} mục khác" if left > 0 else "")
