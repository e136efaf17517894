"""The five documents this project answers: every number of each is listed with what became of it, and is read so.

Where the documents lie beside the project they are read themselves; in a fresh clone what stands for each is a text of our own, with its figures.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from agreement.published_families import is_publishable
from reports.baselines.file import read as load
from reports.baselines.laws import contradictions, span
from tests.support.baseline_rows import csv_of
from tests.support.seed_numbers import DOCUMENTS, LISTS, NONE_AT_ALL, SEEDS, Row, listed, numbers_of, rows_of
from texts.report.model import ReportReading
from texts.report.reading import read_text

OURS = {seed: (LISTS / f"{seed}.txt").read_text(encoding="utf-8") for seed in SEEDS}
"""Texts of our own words."""


TEXTS = [
    *OURS.items(),
    *((seed, path.read_text(encoding="utf-8")) for seed, name in SEEDS.items() if (path := DOCUMENTS / name).exists()),
]
"""Each seed with the text that is read for it: our own, and the document itself where it is there."""


def read(text: str) -> ReportReading:
    return read_text(text, source="bc.txt")


def spanned(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """Rows with the months of their periods: one period may have several names."""
    return sorted((*row[:4], span(row.period) if row.period else (0, 0), row.value) for row in rows)


def figures(rows: Iterable[Row]) -> set[tuple[object, ...]]:
    return {row[3:] for row in spanned(rows) if row[3]}


@pytest.mark.parametrize(("seed", "text"), TEXTS, ids=[seed for seed, _ in TEXTS])
def test_every_number_of_a_seed_is_accounted_for_as_its_list_says(seed: str, text: str) -> None:
    reading = read(text)
    assert Counter((each.line, each.written) for each in reading.numbers) == Counter(numbers_of(text)), "none is passed over"
    known = {(row.number, row.what) for row in listed(seed)}
    assert {(row.number, row.what) for row in rows_of(reading)} <= known
    unread = " ".join(each.spot.quote for each in reading.unread)
    assert all(each.written in unread for each in reading.numbers if "số liệu nào" in each.why)


@pytest.mark.parametrize(("seed", "text"), TEXTS, ids=[seed for seed, _ in TEXTS])
def test_a_seed_gives_exactly_the_figures_of_its_list(seed: str, text: str) -> None:
    assert figures(rows_of(read(text))) == figures(listed(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_document_itself_is_read_number_by_number_as_its_list_says(seed: str) -> None:
    path = DOCUMENTS / SEEDS[seed]
    rows = spanned(rows_of(read(path.read_text(encoding="utf-8") if path.exists() else OURS[seed])))
    whole = spanned(listed(seed))
    assert rows == whole if path.exists() else {row[1:] for row in rows} <= {row[1:] for row in whole}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_list_of_a_seed_is_whole(seed: str) -> None:
    rows = listed(seed)
    assert rows == sorted(rows, key=lambda row: row.line)
    assert all(bool(row.figure) == bool(row.value) and (row.what or row.figure) for row in rows)
    assert all(is_publishable(row.figure) for row in rows if row.figure)
    assert all(row.value == "0" for row in rows if row.number == NONE_AT_ALL)


def test_what_a_seed_says_is_loaded_or_refused_with_the_sum_that_fails() -> None:
    """Of Lạng Sơn's visitors in 2019 the three kinds make 731 persons, and the document says 583."""
    reading = read(OURS["lang-son-2019"])
    filled_in = replace(reading, figures=tuple(replace(each, period=each.period or "2019") for each in reading.figures))
    lines = load(csv_of(filled_in).encode())
    (problem,) = contradictions([], lines)
    assert problem.message.endswith(
        "524 (delegations.in.hosted.persons, dòng 9) + 162 (delegations.in.guests.persons, dòng 11) + 45 (delegations.in.press.persons, dòng 13)"
        " = 731 > 583 (delegations.in.persons, dòng 7)"
    )
    others = [load(csv_of(read(OURS[seed])).encode()) for seed in SEEDS if seed != "lang-son-2019"]
    assert all(lines and contradictions([], lines) == [] for lines in others)
