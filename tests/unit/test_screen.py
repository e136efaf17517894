"""Text for a terminal: nothing of it steers the terminal or is hidden, and nothing that people read is changed."""

import io
import json
import logging
import re
import sys
import unicodedata
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from mocgioi.service import logs
from mocgioi.views import output, screen
from schemas.invisible import IGNORABLE

MOCGIOI = Path(output.__file__).parents[1]
HOSTILE = "mốc\x1b]0;x\x07\x9b2J\x7f\x00\r\u200b\u2060\ufeff\u200d\u202e\u2066\u2028\u2029\u061c\u00ad\ud800\U000e0041"
ESCAPED = r"mốc\u001b]0;x\u0007\u009b2J\u007f\u0000\r\u200b\u2060\ufeff\u200d\u202e\u2066\u2028\u2029\u061c\u00ad\ud800\udb40\udc41"


def is_plain(text: str) -> bool:
    """Whether a terminal shows every character, and does nothing else with any."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") or letter in IGNORABLE for letter in text)


def test_what_steers_or_hides_is_shown_as_its_json_escape() -> None:
    assert screen.one_line(HOSTILE) == screen.lines(HOSTILE) == ESCAPED
    assert screen.one_line("a\n\tb") == r"a\n\tb"
    assert screen.lines("a\n\tb") == "a\n\tb"


def test_what_people_read_is_left_as_it_is() -> None:
    for text in (
        "Đồn Tân Thanh: mốc 1088/2 – “nhà ở”, 18 m",
        "新建房屋",
        unicodedata.normalize("NFD", "biên giới"),
        "\u00a0\u3000",
        "✓ 🚁",
    ):
        assert screen.one_line(text) == text


@given(st.text(st.characters(codec=None)))
def test_a_terminal_is_given_nothing_but_what_it_shows(text: str) -> None:
    assert is_plain(screen.one_line(text))
    assert is_plain(screen.lines(text).replace("\n", "").replace("\t", ""))


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None))))
def test_escaped_json_is_the_same_json(value: dict[str, str]) -> None:
    assert json.loads(screen.lines(json.dumps(value, ensure_ascii=False))) == value


def test_every_way_to_a_person_passes_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    output.say(f"a\n{HOSTILE}")
    output.problem("code", f"a\n{HOSTILE}")
    output.note("code", HOSTILE)
    output.table([HOSTILE, "b"], [[f"[red]{HOSTILE}", 1]], title=f"[bold]{HOSTILE}")
    output.table([], [], title=HOSTILE)
    output.document({"key": HOSTILE})
    output.line([HOSTILE])
    output.trace(ValueError, ValueError(HOSTILE), None)
    out, err = capsys.readouterr()
    assert is_plain((out + err).replace("\n", ""))
    assert out.count(r"\u001b]0;x") == 7
    assert "[red]" in out
    assert "[bold]" in out
    assert err.count("problem:") == err.count("note:") == 1
    assert f"a\\n{ESCAPED}" in err


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_log_line_passes_the_screen(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setenv("NO_COLOR", "1")
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    logs.configure(style, "info")  # type: ignore[arg-type]
    try:
        log = structlog.get_logger("one of this test")
        log.error("crashed", reason=HOSTILE, several=[HOSTILE], exc_info=ValueError(HOSTILE))
        logging.getLogger("library").warning(HOSTILE)
    finally:
        structlog.reset_defaults()
    text = written.getvalue()
    assert is_plain(re.sub(r"\x1b\[\d*m", "", text).replace("\n", ""))
    assert text.count("]0;x") >= 4
    assert style == "console" or json.loads(text.splitlines()[0])["reason"] == HOSTILE


def test_one_module_alone_writes_to_the_screen() -> None:
    """A second way would need the same care again."""
    writes = re.compile(r"\bprint\(|\bsys\.std(?:out|err)\b(?!\.(?:isatty|flush|fileno)\()")
    writers = {str(path.relative_to(MOCGIOI)) for path in MOCGIOI.rglob("*.py") if writes.search(path.read_text())}
    assert writers == {"views/output.py", "service/logs.py"}
