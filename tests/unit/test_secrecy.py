"""What is a state-secret marking, and what is only a word: `secret_texts.tsv` has a row for each spelling."""

import csv
import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.invisible import INVISIBLE
from schemas.problems import InvalidEvent
from schemas.secrecy import marked_secret, may_be_marked
from schemas.validation import decode
from tests.builders import incident, payload, reported

ROOT = Path(__file__).parents[2]


def _rows(marked: str) -> list[str]:
    """Texts as they are sent; in the table what does not show, and line breaks, are JSON escapes."""
    with Path(__file__).with_name("secret_texts.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [json.loads('"' + row["text"].replace('"', '\\"') + '"') for row in rows if row["marked"] == marked]


MARKED, WORDS = _rows("yes"), _rows("no")


def test_the_table_is_worth_having() -> None:
    assert len(set(MARKED)) >= 60
    assert len(set(WORDS)) >= 60


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", MARKED)
def test_a_marking_is_seen(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text)
    assert marked_secret(text)
    for raw in (payload(reported(incident(text=text))), json.dumps(reported(incident(text=text))).encode()):
        with pytest.raises(InvalidEvent, match="có dấu chỉ độ mật") as refused:
            decode(raw)
        assert refused.value.code == "secret"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_no_marking(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text)
    assert not marked_secret(text)
    decode(payload(reported(incident(text=text))))


LETTERS_OF_UNICODE = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
SPACES = frozenset(letter for letter in LETTERS_OF_UNICODE if letter.isspace())


def test_no_character_that_shows_nothing_hides_a_marking() -> None:
    nothing = {letter for letter in LETTERS_OF_UNICODE if unicodedata.category(letter) in ("Cc", "Cf")} - SPACES
    assert nothing <= INVISIBLE
    assert not INVISIBLE & SPACES
    for letter in INVISIBLE:
        for marking in ("TUYỆT MẬT", "TỐI MẬT", "TUYET MAT"):
            _is_read(letter.join(marking), f"U+{ord(letter):04X}")


def test_a_letter_in_another_form_is_read_as_that_letter() -> None:
    forms: dict[str, list[str]] = {}
    for letter in LETTERS_OF_UNICODE:
        plain = unicodedata.normalize("NFKC", letter)
        if letter != plain:
            forms.setdefault(plain.strip("()"), []).append(letter)
    assert len(forms["M"]) > 15
    for marking in ("TUYỆT MẬT", "TỐI MẬT", "TUYET MAT", "TOI MAT", "CÔNG VĂN MẬT"):
        for at, plain in enumerate(marking):
            for form in forms.get(plain, []) if plain.isalpha() else []:
                _is_read(f"{marking[:at]}{form}{marking[at + 1 :]}", f"U+{ord(form):04X}")


def _is_read(text: str, why: str) -> None:
    assert marked_secret(text), why
    assert may_be_marked(msgspec.json.encode({"text": text})), why


ABOUT_MARKINGS = {
    "README.md": "says which levels are refused",
    "SECURITY.md": "says what to do when a marked payload has come in",
    "docs/vi/don.md": "says that marked texts are refused",
    "docs/vi/truc-ban.md": "says what is kept of a marked payload",
    "docs/vi/van-hanh.md": "says how a marked payload is removed",
    "deploy/runbooks/secrets.md": "says how a marked payload is removed",
    "mocgioi/commands/secret.py": "removes marked payloads",
    "schemas/secrecy.py": "is the detector",
    "schemas/validation.py": "has the sentence of the refusal",
    "texts/sentence/draft.py": "has the sentence of the refusal",
    "texts/files.py": "has the sentence of the refusal",
    "reports/baselines/line.py": "has the sentence of the refusal",
    "posts/importing/row.py": "has the sentence of the refusal",
    "posts/importing/table.py": "has the sentence of the refusal",
    "posts/importing/template.py": "says that marked texts are refused",
    "web/api/problems.py": "has the title of the refusal",
}
CASES: dict[str, Callable[[str], str]] = {
    "as written": str,
    "in capitals": str.upper,
    "with initials": str.title,
    "without spaces": lambda line: line.replace(" ", ""),
    "as a telegram": lambda line: "".join(letter for letter in _decomposed(line) if not unicodedata.combining(letter)).upper(),
}


def _decomposed(line: str) -> str:
    return unicodedata.normalize("NFD", line.replace("đ", "d").replace("Đ", "D"))


def _lines() -> Iterator[tuple[str, str]]:
    """Every line of the repository's texts, tests apart: they are full of markings."""
    for path in ROOT.rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        is_ours = not any(part.startswith(".") or part in ("tests", "dist") for part in path.relative_to(ROOT).parts)
        if is_ours and name not in ABOUT_MARKINGS and path.suffix in {".md", ".py", ".csv", ".json", ".jsonl", ".html", ".txt", ".toml"}:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield name, line


@pytest.mark.parametrize("case", CASES)
def test_no_text_of_the_repository_is_a_false_alarm(case: str) -> None:
    lines = list(_lines())
    assert len(lines) > 20_000
    assert [(name, line[:200]) for name, line in lines if marked_secret(CASES[case](line))] == []


SEPARATORS = some.sampled_from(
    [
        "",
        "",
        " ",
        "-",
        "_",
        ".",
        "\n",
        "\u00ad",
        "\u200b",
        "\u115f",
        "\u180b",
        "\x1c",
        "\u2009",
        "&nbsp;",
        "\u0332",
        "<b>",
        "\\u00ad",
        "*",
        "\U000e0020",
    ]
)
WHOLE = ("Ậ", "mật", "MẬT", "Độ mật", "\\u1eac", "&#7852;", "áº¬", "áº\xad")
LETTERS = some.sampled_from([*"MẬTTỐITUYỆTmậttốituyệtMATTOITUYETDO:()", *"МТΜΤＭＴМАТＭẬＴËÄäaAÐⓂⒶᴛᎪꓟṂṬ\u0302\u0323", *WHOLE])


@given(some.lists(some.tuples(LETTERS, SEPARATORS), max_size=14))
def test_the_quick_look_misses_nothing_put_together_from_a_markings_parts(parts: list[tuple[str, str]]) -> None:
    _never_missed("".join(letter + separator for letter, separator in parts))


@given(some.sampled_from(MARKED), some.sampled_from(["NFC", "NFD"]), some.text(max_size=6), some.text(max_size=6), some.data())
def test_the_quick_look_misses_no_marking_among_other_text(marking: str, form: str, before: str, after: str, data: some.DataObject) -> None:
    marking = unicodedata.normalize(form, marking)
    at = data.draw(some.integers(0, len(marking)))
    _never_missed(f"{before} {marking[:at]}{data.draw(SEPARATORS)}{marking[at:]} {after}")


def _never_missed(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    if marked_secret(text):
        assert may_be_marked(msgspec.json.encode({"text": text, "more": "Đồn Biên phòng"}))
