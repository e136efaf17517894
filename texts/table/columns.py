"""The columns of a wide table: their names, which hold counts, and which add up to a column of totals."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from border.names import fold
from texts.files import Cell, Grid
from texts.numbers import amounts, even

_TOTALS = frozenset(
    {"tong", "tongso", "tongcong", "tongchung", "cong", "congchung", "congtatca", "toantinh", "toantuyen", "total", "grandtotal", "sum"}
)
_SUBTOTAL = re.compile(r"cộng\s+(?:mục|phần|nhóm|bảng|trang|[ivx]+\b|[a-z]\b)", re.IGNORECASE)
_TOTAL_OF = re.compile(r"(?:tổng số|tổng cộng)\s+\S", re.IGNORECASE)
_ORDINALS = frozenset({"stt", "tt", "sothutu", "no", "so"})
_NOT_COUNTED = re.compile(
    r"%|tỷ lệ|tỉ lệ|bình quân|trung bình|so với|so sánh|cùng kỳ|tăng|giảm|kế hoạch|ghi chú|năm trước|kỳ trước|lũy kế|luỹ kế|đơn vị tính|đvt",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(r"trong đó", re.IGNORECASE)
BREAKDOWN = re.compile(
    r"(?:[IVX\d]+[.)]\s*|[a-hđ][.)]\s*|[-+*•]\s*)?(?:(?:trong đó\s+)?(?:chia|phân|tính|xét|thống kê)(?:\s+(?:ra|tổ|loại|nhóm|chia))?\s+)?theo\s+\S",
    re.IGNORECASE,
)
"""The title of one breakdown of a total: `Chia theo phương tiện đến`."""
_UNIT_WORDS = re.compile(
    r"(?<!\w)(lượt|vụ|đoàn|người|đối tượng|công dân|ngư dân|phương tiện|xe|tàu|thuyền|tấn|kg|usd|đồng|thư|lần|cuộc)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a table has its header, its labels and its counts."""

    names: list[str]
    """Of each column, its header lines joined."""
    groups: list[str]
    """Of each column, the header lines above its last."""
    body: int
    """Index of the first row below the header."""
    label: int | None
    """The column with the rows' labels; None where the first column holds totals."""
    ordinal: int | None
    """The column of "STT", if any."""
    counted: list[int]
    """Columns that hold counts."""


def is_total(text: str) -> bool:
    """Whether a label is only a word for a total: `Tổng`, `Cộng`, `Tổng số`."""
    return fold(re.sub(r"\(.*?\)", "", even(text))) in _TOTALS


def is_subtotal(text: str) -> bool:
    """Whether a label names the total of a section: `Cộng mục I`."""
    return _SUBTOTAL.match(even(text)) is not None


def names_total(text: str) -> bool:
    """Whether a label names a total of something: `Tổng số vụ`, `Cộng mục I`."""
    return is_total(text) or _TOTAL_OF.match(even(text)) is not None or is_subtotal(text)


def layout(grid: Grid) -> TableLayout | None:
    """The layout of a table; None where it holds no counts."""
    rows = [_filled(grid, at) for at in range(len(grid.rows))]
    top = next((at for at, row in enumerate(rows) if len({text_of(cell) for cell in row} - {""}) > 1), None)
    if top is None or max(map(len, rows)) < 2:
        return None
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    body = top if _is_counted(rows[top]) and any(names_total(text_of(cell)) for cell in rows[top][:2]) else top + 1
    while top < body < len(rows) and (_is_header(rows[body]) or _numbers_columns(rows[body])):
        body += 1
    heads = [row for row in rows[top:body] if not _numbers_columns(row)]
    below = rows[body:]
    if not below:
        return None
    names, groups = _named(heads, width)
    ordinal = next((at for at, name in enumerate(names[:1]) if fold(name) in _ORDINALS), None)
    texts = [sum(_is_text(row[at]) for row in below) for at in range(width)]
    label = next((at for at in range(width) if at != ordinal and texts[at] * 2 >= len(below)), None)
    if label is None and not names_total(names[0].rpartition(" / ")[2]):
        label = 1 if ordinal == 0 else 0
    counted = [
        at
        for at in range(width)
        if at not in (ordinal, label) and not _NOT_COUNTED.search(names[at]) and any(amounts_of(row[at]) for row in below)
    ]
    return TableLayout(names, groups, body, label, ordinal, counted)


def wholes(table: TableLayout) -> Iterator[tuple[int, list[int], bool]]:
    """Columns of totals: each with its parts, and whether these are only some of it ("trong đó")."""
    starts = [at for at in table.counted if names_total(_own(table, at))]
    for place, at in enumerate(starts):
        same = [other for other in table.counted if other != at and table.groups[at] and table.groups[other] == table.groups[at]]
        before = [other for other in table.counted if (starts[place - 1] if place else -1) < other < at]
        after = _until_stop(table, at, starts[place + 1] if place + 1 < len(starts) else len(table.names))
        parts = same or (after if not before or (starts[0] == table.counted[0] and after) else before)
        parts = [other for other in parts if other not in starts]
        if len(parts) < 2 or not _share_a_unit(table, [at, *parts]):
            continue
        for breakdown in _breakdowns(table, parts):
            yield at, breakdown, any(_OF_WHICH.search(table.names[other]) for other in breakdown)


def _breakdowns(table: TableLayout, parts: list[int]) -> list[list[int]]:
    """The parts of a total under each "chia theo …"; all of them together where no heading says so."""
    if not all(BREAKDOWN.match(table.groups[at].rpartition(" / ")[2]) for at in parts):
        return [parts]
    groups = dict.fromkeys(table.groups[at] for at in parts)
    return [breakdown for group in groups if len(breakdown := [at for at in parts if table.groups[at] == group]) > 1]


def text_of(cell: Cell) -> str:
    """A cell's normalised text; the digits of a number."""
    return even(cell) if isinstance(cell, str) else str(cell)


def amounts_of(cell: Cell) -> dict[str, Decimal] | None:
    """The counts of a cell, as `texts.numbers.amounts` reads them."""
    return amounts(cell) if isinstance(cell, str) else {"": cell}


def _own(table: TableLayout, at: int) -> str:
    return table.names[at].removeprefix(table.groups[at]).strip(" /")


def _until_stop(table: TableLayout, at: int, end: int) -> list[int]:
    """Counted columns after a total, up to one that compares or comments."""
    parts: list[int] = []
    for other in range(at + 1, end):
        if other not in table.counted:
            if _NOT_COUNTED.search(table.names[other]):
                break
            continue
        parts.append(other)
    return parts


def _share_a_unit(table: TableLayout, columns: Sequence[int]) -> bool:
    """Whether no two column names have different units: a report never adds vụ to lượt."""
    units = {match[1].lower() for at in columns if (match := _UNIT_WORDS.search(table.names[at]))}
    return len(units) < 2


def _filled(grid: Grid, at: int) -> list[Cell]:
    """A row in which cells covered by a merged cell repeat its text, but not its number."""
    row = list(grid.rows[at][1])
    for (line, column), (from_line, from_column) in grid.merged.items():
        if line == at and column < len(row):
            text = grid.rows[from_line][1][from_column]
            row[column] = text if isinstance(text, str) else ""
    return row


def _named(heads: Sequence[Sequence[Cell]], width: int) -> tuple[list[str], list[str]]:
    heading = [[text_of(cell) for cell in row] for row in heads]
    for upper, lower in itertools.pairwise(heading):
        for at in range(1, width):
            # An empty cell above a named one belongs to the group on its left.
            if not upper[at] and lower[at] and lower[at - 1]:
                upper[at] = upper[at - 1]
    paths = [list(dict.fromkeys(line[at] for line in heading if line[at])) for at in range(width)]
    names = [" / ".join(path) or f"{at + 1}" for at, path in enumerate(paths)]
    return names, [" / ".join(path[:-1]) for path in paths]


def _is_counted(row: Sequence[Cell]) -> bool:
    return any(amounts_of(cell) for cell in row)


def _is_header(row: Sequence[Cell]) -> bool:
    """A further line of the header: two names or more, and no count."""
    return not _is_counted(row) and sum(_is_text(cell) for cell in row) > 1


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """`(1) (2) (3)`, `A B 1 2`: the line that numbers the columns."""
    marks = [text_of(cell).strip("()[]") for cell in row if text_of(cell)]
    numbers = [mark for mark in marks if mark.isdigit()]
    letters = marks[: len(marks) - len(numbers)]
    return len(marks) > 2 and numbers == [str(at) for at in range(1, len(numbers) + 1)] and letters == list("ABCDEF"[: len(letters)])


def _is_text(cell: Cell) -> bool:
    return bool(text_of(cell)) and not amounts_of(cell) and any(letter.isalpha() for letter in text_of(cell))
