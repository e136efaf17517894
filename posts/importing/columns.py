"""The columns of an imported table: their names, which are those of the command, and their Vietnamese labels."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from border.names import fold, nearest_of
from schemas.failures import Failure


class Column(StrEnum):
    """A column that an import reads."""

    REF = "ref"
    KIND = "kind"
    OCCURRED = "occurred"
    PRECISION = "precision"
    MARKER = "marker"
    GATE = "gate"
    AREA = "area"
    PROVINCE = "province"
    SIDE = "side"
    DIRECTION = "direction"
    FACTS = "facts"
    MEASURES = "measures"
    TEXT = "text"


LABELS: Mapping[Column, str] = {
    Column.REF: "số vào sổ",
    Column.KIND: "loại việc",
    Column.OCCURRED: "xảy ra lúc",
    Column.PRECISION: "độ chính xác của thời gian",
    Column.MARKER: "mốc",
    Column.GATE: "cửa khẩu",
    Column.AREA: "khu vực",
    Column.PROVINCE: "tỉnh",
    Column.SIDE: "phía",
    Column.DIRECTION: "chiều",
    Column.FACTS: "dữ kiện",
    Column.MEASURES: "số lượng",
    Column.TEXT: "nội dung",
}
_ALSO: Mapping[Column, tuple[str, ...]] = {
    Column.REF: ("mã số", "mã vụ việc", "số vụ"),
    Column.KIND: ("loại vụ việc", "loại"),
    Column.OCCURRED: ("xảy ra", "lúc xảy ra", "thời gian", "thời điểm", "ngày giờ", "ngày"),
    Column.PRECISION: ("độ chính xác",),
    Column.MARKER: ("mốc giới", "cột mốc", "số mốc", "số hiệu mốc"),
    Column.GATE: ("lối mở", "cửa khẩu, lối mở"),
    Column.AREA: ("địa bàn",),
    Column.SIDE: ("phía gây ra", "bên"),
    Column.DIRECTION: ("hướng",),
    Column.MEASURES: ("số đếm",),
    Column.TEXT: ("tóm tắt", "mô tả", "diễn biến"),
}
"""What posts call these columns in books of their own."""
ERRORS_LABEL = "lỗi"
"""The column that a copy with errors has more. It is not read, so that the corrected copy can be imported as it is."""
REQUIRED = (Column.REF, Column.KIND, Column.OCCURRED, Column.SIDE)
_NOT_READ = frozenset(map(fold, (ERRORS_LABEL, "stt", "tt", "số tt", "số thứ tự")))
_BY_NAME = {fold(name): column for column in Column for name in (column.value, LABELS[column], *_ALSO.get(column, ()))}


class WrongColumns(Failure):
    """The header of a table has columns that nobody can read, or lacks some that every row needs. Names them."""

    code = "columns"


def columns_in(cells: Sequence[str]) -> int:
    """How many cells of a row name columns: a row of several is a header."""
    return sum(fold(cell) in _BY_NAME for cell in cells)


def columns_of(header: Sequence[str]) -> dict[Column, int]:
    """Where each column stands. A column that is not known stops the import: what is in it would be lost without a word."""
    unknown = [cell for cell in header if cell and fold(cell) not in _BY_NAME and fold(cell) not in _NOT_READ]
    places = {_BY_NAME[fold(cell)]: place for place, cell in enumerate(header) if fold(cell) in _BY_NAME}
    if unknown:
        shown = {name: LABELS[column] for name, column in _BY_NAME.items()}
        named = ", ".join(f"“{cell[:60]}”{nearest_of(cell, shown)}" for cell in unknown[:5])
        raise WrongColumns(f"không có cột {named}: xóa cột ấy hoặc đổi tên · no such column; mẫu · a template: `mocgioi import template`")
    for column, place in places.items():
        if same := [cell for cell in header[:place] if _BY_NAME.get(fold(cell)) is column]:
            raise WrongColumns(f"“{same[0]}” và “{header[place]}” là một cột: bỏ một · are one column, remove one of them")
    if missing := [column for column in REQUIRED if column not in places]:
        named = ", ".join(f"{LABELS[column]} ({column})" for column in missing)
        raise WrongColumns(f"thiếu cột {named} · columns are missing; mẫu · a template: `mocgioi import template`")
    return places
