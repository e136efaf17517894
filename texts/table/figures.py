"""Crossfoots named figures, of a long table or of `mocgioi report build`.

Whole and parts are given by the registry (`agreement.figure_families`), by a name with `total` in it (the `X.*` add up to `X.total`), or
by a column `of` in the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agreement.figure_families import FAMILIES, SIDES
from agreement.published_families import PUBLISHED
from texts.files import Grid, Unreadable
from texts.numbers import numeral
from texts.table.adding import SumCheck, check_part_sum, check_sum
from texts.wording import number

FIGURE, VALUE, WHOLE = "figure", "value", "of"
_SAYS_NOTHING_OF_WHICH = frozenset(
    {FIGURE, VALUE, WHOLE, "source", "page", "line", "label", "quote", "note", "confidence", "id", "subjects", "unit_of_value"}
)
"""Columns that do not divide figures into groups; all others do: unit, period, regime, …"""
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One figure as the file states it."""

    figure: str
    value: Decimal | None
    """None: suppressed."""
    where: str
    """`dòng 3`."""
    of: str
    group: tuple[tuple[str, str], ...]


def is_long(grid: Grid) -> bool:
    """Whether a table names its figures a row each."""
    heads = _heads(grid)
    return FIGURE in heads and VALUE in heads


def of_grid(grid: Grid) -> list[SumCheck]:
    """The figures of a long table. Raises `Unreadable` for a row that states none."""
    heads = _heads(grid)
    return of_records((f"dòng {line}", dict(zip(heads, cells, strict=False))) for line, cells in grid.rows[1:])


def of_records(records: Iterable[tuple[str, Mapping[str, Any]]], *, whole_report: bool = False) -> list[SumCheck]:
    """Crossfoot single figures, each with its place. `whole_report`: every figure that is not 0 is present. Raises `Unreadable`."""
    groups: dict[object, list[StatedFigure]] = defaultdict(list)
    for where, record in records:
        stated = _stated(where, record)
        groups[stated.group].append(stated)
    return [check for group in groups.values() for check in _group(group, whole_report=whole_report)]


def of_report(document: Mapping[str, Any]) -> list[SumCheck]:
    """Crossfoot a built report; each figure also against its incidents or its subtotals, and what was published apart. Raises `Unreadable`."""
    counted, published = _named(document, "figures"), _named(document, "published_only")
    own = (check for figure in document["figures"] for check in _counted(figure))
    return [*of_records(counted, whole_report=True), *own, *of_records(published)]


def _named(document: Mapping[str, Any], part: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The figures of one part of a built report, each with its place."""
    figures = document.get(part, [])
    if not isinstance(figures, list) or not all(isinstance(figure, dict) for figure in figures):
        raise Unreadable("json", f"{part}: cần một danh sách đối tượng · needs a list of objects")
    return [
        (f"{part}[{at}]", {FIGURE: figure.get("id", figure.get(FIGURE)), VALUE: figure.get("value")}) for at, figure in enumerate(figures)
    ]


def _counted(figure: Mapping[str, Any]) -> Iterator[SumCheck]:
    subjects, value = figure.get("subjects"), figure.get("value")
    if value is None or not isinstance(subjects, list) or not subjects:
        return
    where, total = f"{figure['id']}, subjects", _decimal(value)
    if all(isinstance(incident, dict) and "n" in incident for incident in subjects):
        parts = [_decimal(incident["n"]) for incident in subjects]
        if total is not None and None not in parts:
            yield check_sum(where, [part for part in parts if part is not None], total)
    elif figure.get("unit") == "vụ" and total is not None and total != len(subjects):
        yield SumCheck(where, f"{len(subjects)} vụ được liệt kê ≠ {number(total)}", holds=False)


def _group(stated: Sequence[StatedFigure], *, whole_report: bool) -> Iterator[SumCheck]:
    first_stated: dict[str, StatedFigure] = {}
    doubtful: set[str] = set()
    for each in stated:
        first = first_stated.setdefault(each.figure, each)
        if first.value != each.value:
            doubtful.add(each.figure)
            both = " ≠ ".join("?" if value is None else number(value) for value in (first.value, each.value))
            yield SumCheck(_where(each, f"hai giá trị, xem {first.where}"), both, holds=False)
    by_name = {figure: each for figure, each in first_stated.items() if figure not in doubtful}
    for whole, parts, full in (*_declared(by_name), *_registered(by_name, whole_report=whole_report), *_by_name(by_name)):
        values = [part.value for part in parts if part.value is not None]
        if whole.value is not None and values:
            where = _where(whole, f"gồm {', '.join(part.figure for part in parts)}")
            # Where some are suppressed, the rest is no full set.
            yield (check_sum if full and len(values) == len(parts) else check_part_sum)(where, values, whole.value)


def _declared(by_name: Mapping[str, StatedFigure]) -> Iterator[tuple[StatedFigure, list[StatedFigure], bool]]:
    """Wholes and parts by the file's own column."""
    wholes = dict.fromkeys(each.of for each in by_name.values() if each.of)
    for whole in wholes:
        parts = [each for each in by_name.values() if each.of == whole]
        if whole not in by_name:
            raise Unreadable("figure", f"{parts[0].where}, {WHOLE}: không có số liệu {whole!r} · no such figure in the file")
        yield by_name[whole], parts, True


def _registered(by_name: Mapping[str, StatedFigure], *, whole_report: bool) -> Iterator[tuple[StatedFigure, list[StatedFigure], bool]]:
    """Wholes and parts by the registry. Published splits by side leave out empty sides; of other families a file may give only some."""
    for family in (*FAMILIES, *PUBLISHED):
        if family.whole is not None and family.whole in by_name:
            # A measure shares its prefix with cases and is no part of their whole; nor is the whole of itself.
            parts = [each for each in _free(by_name) if family.key_of(each.figure) is not None and each.figure != family.whole]
            every = {each.figure for each in parts} >= {*family.columns} and (whole_report or bool(family.columns))
            if parts:
                yield by_name[family.whole], parts, every or (family.always == SIDES and len(parts) > 1)


def _by_name(by_name: Mapping[str, StatedFigure]) -> Iterator[tuple[StatedFigure, list[StatedFigure], bool]]:
    """`X.total` and the `X.*` beside it, of totals the registry does not know; one alone is no full set."""
    registered = {family.whole for family in FAMILIES}
    for figure, whole in by_name.items():
        segments = figure.split(".")
        if segments.count(_TOTAL) != 1 or len(segments) < 2 or figure in registered:
            continue
        parts = [each for each in _free(by_name) if each.figure != figure and _beside(each.figure.split("."), segments)]
        if parts:
            yield whole, parts, len(parts) > 1


def _beside(other: Sequence[str], total: Sequence[str]) -> bool:
    """Whether names differ only where one says `total`."""
    return len(other) == len(total) and all(theirs in (_TOTAL, ours) for ours, theirs in zip(other, total, strict=True))


def _free(by_name: Mapping[str, StatedFigure]) -> list[StatedFigure]:
    """Figures that the file does not declare as parts."""
    return [each for each in by_name.values() if not each.of]


def _stated(where: str, record: Mapping[str, Any]) -> StatedFigure:
    figure, value = record.get(FIGURE), record.get(VALUE)
    if not isinstance(figure, str) or not figure.strip():
        raise Unreadable("figure", f"{where}, {FIGURE}: thiếu tên số liệu · is missing")
    exact = _decimal(value)
    if exact is None and value not in (None, ""):
        raise Unreadable("number", f"{where}, {VALUE}: {str(value)[:60]!r} không phải là số · is no number")
    group = tuple(
        (name, str(cell).strip())
        for name, cell in sorted(record.items())
        if name not in _SAYS_NOTHING_OF_WHICH and isinstance(cell, str | int | Decimal) and str(cell).strip()
    )
    return StatedFigure(figure.strip(), exact, where, str(record.get(WHOLE) or "").strip(), group)


def _where(figure: StatedFigure, more: str) -> str:
    group = " ".join(value for _, value in figure.group)
    return f"{figure.where}, {figure.figure}{f' ({group})' if group else ''}: {more}"


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, str):
        return numeral(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return exact if exact.is_finite() else None


def _heads(grid: Grid) -> list[str]:
    return [str(cell).strip().strip("\ufeff").lower() for cell in grid.rows[0][1]] if grid.rows else []
