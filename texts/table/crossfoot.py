"""Crossfoots anyone's figures: by name, in wide tables, in prose. Sums that are not certain are not checked."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from texts import word
from texts.documents import text_of
from texts.files import Grid, Unreadable, checked, checked_table, piped, separated
from texts.old_fonts import refuse_old_fonts
from texts.table import figures as crossfoot_figures
from texts.table import prose as crossfoot_prose
from texts.table import rows as crossfoot_rows
from texts.table.adding import SumCheck
from texts.workbook import sheets


@dataclass(frozen=True, slots=True)
class Audited:
    """The sums checked in a file."""

    checks: tuple[SumCheck, ...]

    @property
    def adds_up(self) -> bool | None:
        """Whether all sums hold; None where nothing could be checked."""
        return all(check.holds for check in self.checks) if self.checks else None

    @property
    def failing(self) -> tuple[SumCheck, ...]:
        """The sums that do not hold."""
        return tuple(check for check in self.checks if not check.holds)


def crossfoot(path: Path) -> Audited:
    """Check every total of a file against its parts. Raises `Unreadable`, naming line and field."""
    return Audited(tuple(dict.fromkeys(_checks(path))))


def _checks(path: Path) -> Iterator[SumCheck]:
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            for grid in sheets(path):
                yield from _of_grid(grid)
        case ".docx":
            document = word.read(path)
            refuse_old_fonts(document.lines)
            for grid in document.tables:
                yield from _of_grid(grid)
            yield from crossfoot_prose.of_text(_without_rows(document.lines))
        case ".json" | ".jsonl" | ".ndjson":
            yield from _of_json(text_of(path))
        case ".csv":
            yield from _of_grid(separated(text_of(path)))
        case ".tsv":
            yield from _of_grid(separated(text_of(path), delimiter="\t"))
        case _:
            text = text_of(path)
            for grid in piped(text):
                yield from _of_grid(grid)
            yield from crossfoot_prose.of_text(_without_rows(text.split("\n")))


def _without_rows(lines: Iterable[str]) -> str:
    """The text without the rows of its tables."""
    return "\n".join("" if line.count("|") > 1 else line for line in lines)


def _of_grid(grid: Grid) -> list[SumCheck]:
    checked_table(grid)
    return crossfoot_figures.of_grid(grid) if crossfoot_figures.is_long(grid) else crossfoot_rows.of_grid(grid)


def _of_json(text: str) -> list[SumCheck]:
    """A built report, a list of figures, or figures a line each."""
    try:
        whole = _load(text)
    except json.JSONDecodeError:
        return crossfoot_figures.of_records(_lines(text))
    if isinstance(whole, dict) and "figures" in whole:
        return crossfoot_figures.of_report(whole)
    records = whole if isinstance(whole, list) else [whole]
    if not all(isinstance(record, dict) for record in records):
        raise Unreadable("json", "cần một danh sách đối tượng {…} · needs a list of objects")
    return crossfoot_figures.of_records((f"mục {at}", record) for at, record in enumerate(records, start=1))


def _lines(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _load(line)
        except json.JSONDecodeError as wrong:
            raise Unreadable("json", f"dòng {number}: JSON hỏng ở cột {wrong.colno} · is not JSON ({wrong.msg})") from None
        if not isinstance(record, dict):
            raise Unreadable("json", f"dòng {number}: cần một đối tượng {{…}} · needs an object")
        yield f"dòng {number}", record


def _load(text: str) -> Any:
    return json.loads(checked(text), parse_float=Decimal)
