"""The five documents this project answers, as lists: every number of each, and what became of it. Their sentences stay outside the project.

`python -m tests.support.seed_numbers` writes the lists anew from the documents, for a person to compare with the last ones.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from texts.report.model import ReportReading
from texts.report.reading import read_text
from texts.wording import number

LISTS = Path(__file__).parents[1] / "unit" / "seeds"
DOCUMENTS = Path(__file__).parents[3] / "shared" / "seeds"
"""Beside the project, where it is developed."""
SEEDS = {
    "lang-son-2018-2020": "000_0a544b703ea4d05e.txt",
    "lang-son-2019": "001_33d4b876902f690b.txt",
    "lang-son-2023-2024": "002_dfe3559de6f71d65.txt",
    "quang-ngai-2021": "003_e5fcdc9426d3d423.txt",
    "cao-bang-2021-2023": "004_58028bb8831100cf.txt",
}
NONE_AT_ALL = "không"
"""Stands for the number where a text says that there was none."""
_DIGITS = re.compile(r"\d[\d.,/:-]*(?<=\d)(?:\(\d\))?")
_WORDS = re.compile(r"(?<!\w)(?:[IVX]+|[Mm]ột|[Hh]ai|ba|bốn|sáu|bảy|tám|chín|mười|năm(?= sở))(?!\w)")
_COLUMNS = ("line", "number", "what", "figure", "period", "value")


class Row(NamedTuple):
    """One number of a document."""

    line: int
    number: str
    what: str
    """What it is, or why it is no figure; empty where it is a figure's value."""
    figure: str
    period: str
    value: str


def numbers_of(text: str) -> list[tuple[int, str]]:
    """Every number a person sees in a text, by line: digits, words, Roman letters. Not by the reader's own means."""
    return [
        (at, found)
        for at, line in enumerate(text.splitlines(), start=1)
        for pattern in (_DIGITS, _WORDS)
        for found in pattern.findall(line)
    ]


def rows_of(reading: ReportReading) -> Iterator[Row]:
    """A reading as the rows of its list."""
    figures = {(each.figure, each.spot.line, each.derived is not None): each for each in reading.figures}
    for each in reading.numbers:
        stated = [figures.pop((figure, each.line, bool(each.why)), None) for figure in each.figures]
        kept = [figure for figure in stated if figure is not None]
        yield from (Row(each.line, each.written, each.why, one.figure, one.period, number(one.value)) for one in kept)
        if not kept:
            yield Row(each.line, each.written, each.why, "", "", "")
    yield from (Row(one.spot.line, NONE_AT_ALL, "", one.figure, one.period, number(one.value)) for one in figures.values())


def listed(seed: str) -> list[Row]:
    """The list of a seed."""
    with (LISTS / f"{seed}.tsv").open(encoding="utf-8", newline="") as file:
        return [Row(int(row["line"]), *(row[column] for column in _COLUMNS[1:])) for row in csv.DictReader(file, delimiter="\t")]


def write(seed: str, rows: Iterable[Row]) -> None:
    """Write the list of a seed."""
    with (LISTS / f"{seed}.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_COLUMNS)
        in_order = sorted(rows, key=lambda row: row.line)
        writer.writerows(in_order)


if __name__ == "__main__":
    for name, document in SEEDS.items():
        write(name, rows_of(read_text((DOCUMENTS / document).read_text(encoding="utf-8"), source=document)))
