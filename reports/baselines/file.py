"""A file of published totals, JSON lines or CSV: read whole, or refused with every line and field that is wrong."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.baselines.line import COLUMNS, NEEDED, Line, LineProblem, line_of, problem_at, unknown_column
from schemas import strict_json
from schemas.problems import InvalidEvent
from texts.files import Unreadable
from texts.old_fonts import refuse_old_fonts

_DECIMAL_COMMA = re.compile(r"\d+,\d+")


class BaselineRefused(Exception):
    """Nothing of the file was loaded. Holds every `LineProblem`, at least one."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in problems))


def read(raw: bytes) -> list[Line]:
    """All totals of a file. Raises `BaselineRefused`.

    What begins with a bracket is JSON lines, anything else CSV with a header line; a byte-order mark is forgiven.
    """
    problems: list[LineProblem] = []
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        raise BaselineRefused([problem_at(number, None, "encoding", "không phải UTF-8 · is not UTF-8")]) from None
    try:
        refuse_old_fonts(text.split("\n"))
    except Unreadable as wrong:
        raise BaselineRefused([LineProblem(wrong.code, str(wrong))]) from None
    stated = _json_lines(text, problems) if text.lstrip().startswith(("{", "[")) else _csv_lines(text, problems)
    lines = [line for number, given in stated if (line := line_of(number, given, problems))]
    if not lines and not problems:
        raise BaselineRefused([LineProblem("empty", "tệp không có số liệu nào · the file holds no figures")])
    if problems:
        raise BaselineRefused(problems)
    return lines


def _json_lines(text: str, problems: list[LineProblem]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    # Not `splitlines`: a text may hold U+2028, which ends no line of a file.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = strict_json.load(line.encode())
            strict_json.refuse_unstorable(value, None)
        except InvalidEvent as wrong:
            sentence = wrong.sentence.replace("dòng 1 ", "")  # the parser was given one line only
            problems.append(LineProblem(wrong.code, f"dòng {number}: {sentence} · is no valid JSON line", number, wrong.problems[0].field))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            problems.append(problem_at(number, None, "json", "cần một đối tượng {...} mỗi dòng · needs one object {...} a line"))


def _csv_lines(text: str, problems: list[LineProblem]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(",;\t", key=head.count)  # a spreadsheet in Vietnamese writes semicolons
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    while True:
        number = rows.line_num + 1
        try:
            row = [cell.strip() for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error as wrong:
            problems.append(problem_at(number, None, "csv", f"dòng CSV hỏng · broken CSV: {wrong}"))
            return  # where the next line begins, nobody knows
        if not any(row):
            continue
        if header is None:
            header = row
            if named := _header_problems(number, header):
                problems += named
                return
        elif len(row) != len(header):
            problems.append(
                problem_at(number, None, "csv", f"có {len(row)} ô, cần {len(header)} · has {len(row)} cells, needs {len(header)}")
            )
        else:
            stated = {column: cell for column, cell in zip(header, row, strict=True) if cell}
            if separator == ";" and _DECIMAL_COMMA.fullmatch(stated.get("value", "")):
                stated["value"] = stated["value"].replace(",", ".")  # what writes semicolons writes decimal commas too
            yield number, stated


def _header_problems(number: int, header: Sequence[str]) -> list[LineProblem]:
    problems = [problem_at(number, column or "?", *unknown_column(column)) for column in header if column not in COLUMNS]
    problems += [
        problem_at(number, column, "csv", "cột này có hai lần · this column stands twice") for column in COLUMNS if header.count(column) > 1
    ]
    problems += [
        problem_at(number, column, "missing", "thiếu cột này · this column is missing") for column in NEEDED if column not in header
    ]
    return problems
