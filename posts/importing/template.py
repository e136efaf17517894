"""The workbook that a post fills in: a sheet with drop-downs, and a sheet that explains every code."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from border.places import Province, gates, province_name
from posts.importing.columns import LABELS, REQUIRED, Column
from schemas.codebook import KIND_LABELS, Kind
from schemas.codebook_entries import FactOfKind, codes, kinds

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 500
"""Rows that have drop-downs."""
_HINTS: Mapping[Column, str] = {
    Column.REF: "Số của vụ việc trong sổ của đồn, ví dụ 15/2026. Nhập lại cùng số với nội dung khác là đính chính.",
    Column.KIND: "Chọn trong danh sách; nghĩa ở trang Bảng mã.",
    Column.OCCURRED: "27/11/2026 02:30, 27/11/2026, 11/2026 hoặc đêm 27/11/2026. Giờ Việt Nam.",
    Column.PRECISION: "Để trống: theo cách ghi ở cột bên.",
    Column.MARKER: "1088/2, 1088-1090 hoặc 1363(2)-500m. Chỉ điền một trong mốc, cửa khẩu, khu vực.",
    Column.GATE: "Cửa khẩu, lối mở nơi xảy ra.",
    Column.AREA: "Tên khu vực, khi không có mốc.",
    Column.PROVINCE: "Cần khi không có mốc hoặc cửa khẩu.",
    Column.SIDE: "Hành vi của phía nào; chưa biết thì chọn chưa xác định.",
    Column.DIRECTION: "Để trống khi không có chiều.",
    Column.FACTS: "tên=giá trị, cách nhau bằng dấu ; ví dụ: distance_m=18; kiên cố=có. Điều chưa rõ thì để trống. Tên ở trang Bảng mã.",
    Column.MEASURES: "người=9 CN; hàng hóa=12,5 kg",
    Column.TEXT: "Không ghi tên người. Không ghi nội dung mật.",
}
_WIDTHS = {Column.KIND: 34, Column.OCCURRED: 20, Column.PRECISION: 14, Column.FACTS: 44, Column.MEASURES: 28, Column.TEXT: 60}
_AS_TEXT = frozenset({Column.REF, Column.OCCURRED, Column.MARKER})
"""Excel would make dates of `10/2`."""


def write_template(path: Path) -> None:
    """Write the workbook."""
    import openpyxl  # noqa: PLC0415  # a third of a second that other commands need not

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    entry = book.create_sheet("Vụ việc")
    lists = book.create_sheet("Danh sách")
    lists.sheet_state = "hidden"
    _explain(book.create_sheet("Bảng mã"))
    _fill_in(entry, lists)
    book.save(path)


def _choices() -> Mapping[Column, Sequence[str]]:
    """The names that each drop-down offers."""
    named = {column: [entry.label.vi for entry in codes()[column]] for column in (Column.PRECISION, Column.SIDE, Column.DIRECTION)}
    return {
        Column.KIND: [KIND_LABELS[kind].vi for kind in Kind],
        Column.GATE: sorted({gate.name for gate in gates().values()}),
        Column.PROVINCE: [province_name(province) for province in Province],
        **named,
    }


def _fill_in(sheet: "Worksheet", lists: "Worksheet") -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    choices = _choices()
    for place, column in enumerate(Column, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, LABELS[column])
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFE699" if column in REQUIRED else "D9E2F3")
        head.comment = Comment(_HINTS[column], "Mốc Giới", height=120, width=320)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, 18)
        if column in choices:
            for row, name in enumerate(choices[column], start=1):
                lists.cell(row, place, name)
            source = f"'{lists.title}'!${letter}$1:${letter}${len(choices[column])}"
            validation = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
            validation.errorTitle, validation.error = LABELS[column], "Chọn trong danh sách; xem trang Bảng mã."
            validation.add(f"{letter}2:{letter}{_ROWS + 1}")
            sheet.add_data_validation(validation)
        if column in _AS_TEXT:
            for row in range(2, _ROWS + 2):
                sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "B2"


def _explain(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet.append(["Cột", "Ghi là", "Hoặc mã", "Nghĩa"])
    for cells in _explanations():
        sheet.append(cells)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (34, 44, 22, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for (cell,) in sheet.iter_rows(min_col=4, max_col=4):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _explanations() -> Iterator[list[str]]:
    for column in Column:
        yield [LABELS[column], "", column, _HINTS[column] + (" Bắt buộc." if column in REQUIRED else "")]
    for kind, entry in kinds().items():
        yield [LABELS[Column.KIND], entry.label.vi, kind, entry.definition]
        yield from ([f"{LABELS[Column.FACTS]} của {entry.label.vi}", *cells] for fact in entry.facts for cells in _fact(fact))
    for name, column in (
        ("precision", Column.PRECISION),
        ("side", Column.SIDE),
        ("direction", Column.DIRECTION),
        ("measure", Column.MEASURES),
    ):
        yield from ([LABELS[column], code.label.vi, code.code, code.meaning] for code in codes()[name])


def _fact(fact: FactOfKind) -> Iterator[list[str]]:
    unit = f" Đơn vị: {fact.entry.unit.vi}." if fact.entry.unit else ""
    if fact.form == "flag":
        values = "; ".join(f"{'có' if value == 'true' else 'không'}: {label.vi}" for value, label in fact.entry.values.items())
    else:
        values = "; ".join(f"{value}: {fact.entry.values[value].vi}" for value in fact.values)
    several = " Cách nhau bằng dấu phẩy." if fact.several else ""
    yield [fact.entry.label.vi, fact.entry.name, f"{fact.entry.definition}{several}{unit} {values}".strip()]
