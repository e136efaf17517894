"""`docs/glossary.md`: a word has one meaning, and its lists are those of the code."""

import re
from importlib.util import find_spec
from pathlib import Path

from schemas.codebook import Outcome, Side, Status

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in GLOSSARY.splitlines() if line.startswith("| ")]
MEANINGS = {word: cells[-1] for cells in ROWS for word in cells[0].split(", ") if word != "word"}


def codes_of(word: str) -> list[str]:
    return re.findall(r"`(\w+)`", MEANINGS[word])


def test_a_word_stands_once() -> None:
    words = [word for cells in ROWS for word in cells[0].split(", ") if word != "word"]
    assert len(words) > 50
    assert sorted(words) == sorted(set(words))


def test_its_lists_are_those_of_the_code() -> None:
    assert codes_of("outcome") == list(Outcome)
    assert codes_of("side") == list(Side)
    assert codes_of("status") == list(Status)


def test_every_module_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:border|schemas|agreement|streams|sinks|texts|posts|reports|mocgioi)[./]\w+)`", GLOSSARY))
    assert named
    assert [name for name in sorted(named) if find_spec(name.replace("/", ".")) is None] == []
