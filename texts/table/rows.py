"""Crossfoots the rows of a wide table: which are totals, which are parts of which, and whether they add up, column by column.

It checks certain readings only. Rows under each "Chia theo …" make the total by themselves. "trong đó" rows are part of the row above and are
not added again; numbered rows (I, 1, 1.1, a) add up to the row above them; rows with a dash do so only where the table says it, or where the sum
holds.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from texts.files import Cell, Grid, Unreadable
from texts.table.adding import SumCheck, check_part_sum, check_sum
from texts.table.columns import BREAKDOWN, TableLayout, amounts_of, is_subtotal, is_total, layout, names_total, text_of, wholes

Amounts = dict[str, Decimal]
Sum = tuple[str, list[Decimal], Decimal]
"""Where, parts, whole."""
_OF_WHICH = re.compile(r"[-+*\s]*(?:trong đó|gồm|bao gồm|chia ra)(?!\w)[:\s]*", re.IGNORECASE)
_SOME_OF = re.compile(r"[-+*\s]*trong đó(?!\w)", re.IGNORECASE)
_MARKS = (
    re.compile(r"[A-H]\.?"),
    re.compile(r"[IVX]+\.?"),
    re.compile(r"\d+\.?"),
    re.compile(r"\d+\.\d+\.?"),
    re.compile(r"\d+\.\d+\.\d+\.?"),
    re.compile(r"[a-hđ][.)]?"),
)
_DASHED = len(_MARKS)
_UNMARKED = _DASHED + 1
_LEAD = re.compile(r"\s*([A-H]\.|[IVX]+\.|\d+(?:\.\d+)*\.|[a-hđ]\))\s+\S")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row below the header."""

    line: int
    label: str
    level: int
    """The depth of its mark: I, 1, 1.1, a, a dash, none."""
    amounts: dict[int, Amounts | None]
    """By column; None where the cell is text."""
    cells: list[Cell]

    @property
    def counts(self) -> bool:
        """Whether it has any number."""
        return any(self.amounts.values())


def of_grid(grid: Grid) -> list[SumCheck]:
    """All certain sums of a table. Raises `Unreadable` for a cell with digits among numbers that is not a number."""
    table = layout(grid)
    if table is None:
        return []
    rows = [row for at in range(table.body, len(grid.rows)) if (row := _row(grid, table, at)).label or row.counts]
    return [*_down(grid, table, rows), *_across(grid, table, rows)]


def _down(grid: Grid, table: TableLayout, rows: Sequence[TableRow]) -> Iterator[SumCheck]:
    """Rows of totals against their parts: the rows below a total that comes first, else the rows above it."""
    pending: list[TableRow] = []
    subtotals: list[TableRow] = []
    heads = False
    for at, row in enumerate(rows):
        if not names_total(row.label):
            pending.append(row)
            continue
        following = _until(rows[at + 1 :], names_total)
        begins = not any(each.counts for each in pending) and not subtotals
        if begins or (heads and any(each.counts for each in following)):
            heads = True
            if is_total(row.label):
                following = [each for each in _until(rows[at + 1 :], is_total) if not names_total(each.label)]
            yield from _parts_of_total(grid, table, row, following)
        elif heads:
            yield from _parts_of_total(grid, table, row, pending)
        else:
            again = is_subtotal(row.label) or any(each.label.lower() == row.label.lower() for each in subtotals)
            only_pending = not subtotals or (again and bool(pending))
            yield from _parts_of_total(grid, table, row, pending if only_pending else [*subtotals, *pending])
            subtotals = [*subtotals, row] if only_pending else [row]
        pending = []
    yield from _below(grid, table, rows)


def _until(rows: Sequence[TableRow], ends: Callable[[str], bool]) -> list[TableRow]:
    return list(itertools.takewhile(lambda row: not ends(row.label), rows))


def _parts_of_total(grid: Grid, table: TableLayout, whole: TableRow, rows: Sequence[TableRow]) -> Iterator[SumCheck]:
    """A row of totals against the rows of each of its breakdowns; of the only one, where none has a name."""
    breakdowns: list[list[TableRow]] = [[]]
    for row in rows:
        if BREAKDOWN.match(row.label):
            breakdowns.append([])
        else:
            breakdowns[-1].append(row)
    for breakdown in breakdowns:
        yield from _breakdown_of_total(grid, table, whole, breakdown)


def _breakdown_of_total(grid: Grid, table: TableLayout, whole: TableRow, rows: Sequence[TableRow]) -> Iterator[SumCheck]:
    """A row of totals, column by column, against the topmost of its rows."""
    checked: list[Sum] = []
    for column in table.counted:
        if total := whole.amounts[column]:
            readings = [tops for tops in _readings(grid, table, rows, column) if len(tops) > 1]
            sums = [_sums(_place(grid, table, whole, column), [row.amounts[column] for row in tops], total) for tops in readings]
            checked += next(
                (each for each in sums if all(sum(parts) == total_of_unit for _, parts, total_of_unit in each)), sums[0] if sums else []
            )
    yield from _sum_checks(checked, only_some=bool(rows) and _SOME_OF.match(rows[0].label) is not None)


def _readings(grid: Grid, table: TableLayout, rows: Sequence[TableRow], column: int) -> Iterator[list[TableRow]]:
    """The rows that may be the parts of a total: the topmost marked ones, or those and the unmarked ones."""
    tops = _tops(grid, table, rows, column)
    if tops is not None:
        yield tops
        unmarked = [row for row in _without_some(rows) if row.level == _UNMARKED and row.amounts[column]]
        if unmarked and not any(row.level == _UNMARKED for row in tops):
            yield [*tops, *unmarked]


def _tops(grid: Grid, table: TableLayout, rows: Sequence[TableRow], column: int) -> list[TableRow] | None:
    """The rows that are parts of the total only. None where a cell of the column is text."""
    plain = _without_some(rows)
    levels = sorted({row.level for row in plain if row.level < _UNMARKED}) or [_UNMARKED]
    tops: list[TableRow] = []
    open_title = False
    for row in plain:
        has = _amounts(grid, table, row, column)
        if has is None:
            return None
        if row.level == levels[0]:
            open_title = not has
            tops += [row] if has else []
        elif open_title and has and row.level <= _next_level(plain, levels[0]):
            # A title has no number of its own: the rows under it count for it.
            tops.append(row)
    return tops


def _next_level(rows: Sequence[TableRow], level: int) -> int:
    return min((row.level for row in rows if row.level > level), default=_UNMARKED)


def _without_some(rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows that are not "trong đó" of the row above; none at all where that is not certain."""
    kept: list[TableRow] = []
    within, before = False, ""
    for row in rows:
        of_which, above, before = _OF_WHICH.match(row.label), before, row.label
        if of_which and kept:
            within = not row.counts
            continue
        if within and (row.level == _DASHED or row.level > kept[-1].level):
            continue
        if within and row.level == _UNMARKED and _OF_WHICH.match(above):
            return []
        within = False
        if not of_which:
            kept.append(row)
    return kept


def _below(grid: Grid, table: TableLayout, rows: Sequence[TableRow]) -> Iterator[SumCheck]:
    """Rows against the rows under them: numbered parts, and "trong đó"."""
    for at, row in enumerate(rows):
        if not row.counts or names_total(row.label):
            continue
        if at + 1 < len(rows) and (of_which := _OF_WHICH.match(rows[at + 1].label)):
            listed = [rows[at + 1]] if rows[at + 1].counts else _dashed(rows[at + 2 :], row.level)
            exact = "chia ra" in of_which[0].lower() or "gồm" in of_which[0].lower()
            yield from _parts(grid, table, row, listed, exact=exact and len(listed) > 1)
            continue
        under = _under(rows[at + 1 :], row.level)
        if len(under) > 1:
            yield from _parts(grid, table, row, under, exact=under[0].level < _DASHED, certain=under[0].level < _DASHED)


def _under(rows: Sequence[TableRow], level: int) -> list[TableRow]:
    """The rows one step deeper, up to the next row of the same or a higher level."""
    if level >= _DASHED:
        return []
    end = next((at for at, row in enumerate(rows) if row.level <= level or names_total(row.label)), len(rows))
    deeper = [row for row in rows[:end] if row.level <= _DASHED]
    return [row for row in deeper if row.level == min(each.level for each in deeper)]


def _dashed(rows: Sequence[TableRow], level: int) -> list[TableRow]:
    listed: list[TableRow] = []
    for row in rows:
        if names_total(row.label) or row.level == _UNMARKED or (level < _DASHED and row.level <= level):
            break
        listed.append(row)
    return listed


def _parts(
    grid: Grid, table: TableLayout, whole: TableRow, parts: Sequence[TableRow], *, exact: bool, certain: bool = True
) -> Iterator[SumCheck]:
    sums: list[Sum] = []
    for column in table.counted:
        given = [_amounts(grid, table, part, column) for part in parts]
        if (total := whole.amounts[column]) and any(given):
            sums += _sums(_place(grid, table, whole, column), given, total)
    for check in _sum_checks(sums, only_some=not exact):
        if certain or (check.holds and "≤" not in check.message):
            yield check


def _across(grid: Grid, table: TableLayout, rows: Sequence[TableRow]) -> Iterator[SumCheck]:
    """Columns of totals against their parts, row by row."""
    for whole, parts, only_some in wholes(table):
        for row in rows:
            total = row.amounts[whole]
            if total and any(row.amounts[part] for part in parts):
                given = [_amounts(grid, table, row, part) for part in parts]
                yield from _sum_checks(_sums(_place(grid, table, row, whole), given, total), only_some=only_some)


def _sums(where: str, given: Sequence[Amounts | None], total: Amounts) -> list[Sum]:
    """One sum for each unit of the total; none where a part lacks the unit."""
    sums: list[Sum] = []
    for unit, whole in total.items():
        parts = [part for amounts in given if (part := _amount_of(amounts, unit, total)) is not None]
        if len(parts) == len(given):
            sums.append((f"{where} ({unit})" if unit.strip("/0123456789") else where, parts, whole))
    return sums


def _sum_checks(sums: Sequence[Sum], *, only_some: bool) -> Iterator[SumCheck]:
    """Check sums. Where "trong đó" parts add up to the whole in one column, they are all its parts, so they must do so in every column."""
    full = not only_some or any(len(parts) > 1 and whole and sum(parts) == whole for _, parts, whole in sums)
    for where, parts, whole in sums:
        yield (check_sum if full and (len(parts) > 1 or not only_some) else check_part_sum)(where, parts, whole)


def _amount_of(amounts: Amounts | None, unit: str, total: Amounts) -> Decimal | None:
    if amounts is None:
        return None
    if not amounts:
        return Decimal(0)
    if unit in amounts:
        return amounts[unit]
    if len(amounts) == len(total) == 1 and "" in (unit, next(iter(amounts))):
        return next(iter(amounts.values()))
    return None


def _amounts(grid: Grid, table: TableLayout, row: TableRow, column: int) -> Amounts | None:
    """The counts of a row in a column that has a total. Raises `Unreadable` for digits that are not a number."""
    amounts = row.amounts[column]
    text = text_of(row.cells[column])
    if amounts is None and any(letter.isdigit() for letter in text):
        raise Unreadable("number", f"{_place(grid, table, row, column)}: {text[:60]!r} không phải là số · is no number")
    return amounts


def _row(grid: Grid, table: TableLayout, at: int) -> TableRow:
    line, cells = grid.rows[at]
    cells = [*cells, *[""] * (len(table.names) - len(cells))]
    mark = text_of(cells[table.ordinal]) if table.ordinal is not None else ""
    label = "" if table.label is None else text_of(cells[table.label])
    if names_total(mark) or not label:
        # A merged "Tổng cộng" stands in the first cell.
        label = label or next((text for cell in cells[: (table.label or 0) + 1] if names_total(text := text_of(cell))), "")
        label, mark = (mark, "") if names_total(mark) else (label, mark)
    if not mark and (lead := _LEAD.match(label)):
        mark = lead[1]
    return TableRow(line, label, _level(mark, label), {column: amounts_of(cells[column]) for column in table.counted}, cells)


def _level(mark: str, label: str) -> int:
    if label[:1] in ("-", "+", "*", "•"):
        return _DASHED
    return next((level for level in (1, 0, 2, 3, 4, 5) if _MARKS[level].fullmatch(mark)), _DASHED if mark in ("-", "+") else _UNMARKED)


def _place(grid: Grid, table: TableLayout, row: TableRow, column: int) -> str:
    name = f"{grid.name}, " if grid.name else ""
    label = f" ({row.label})" if row.label else ""
    return f"{name}dòng {row.line}{label}, cột “{table.names[column]}”"
