"""`mocgioi draft`, as a person at a post runs it."""

import json
from pathlib import Path

import pytest

from schemas.validation import decode
from tests.support.commands import Command

SENTENCE = "02h30 ngày 11/3/2021, tại mốc 753, Đồn CK Trà Lĩnh phát hiện 09 người Trung Quốc nhập cảnh trái phép"


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with a data folder that nothing needs."""
    return Command(tmp_path / "home")


def test_a_draft_with_its_gaps_filled_in_passes_validation(bare: Command) -> None:
    done = bare("draft", SENTENCE, "--json")
    assert (done.code, done.err) == (0, "")
    event = done.document["event"] | {"sequence": "00000001"}
    assert [gap["field"] for gap in done.document["missing"]] == ["data.side", "sequence"]
    event["data"]["side"] = "undetermined"
    assert decode(json.dumps(event).encode()).source == "/posts/tra-linh"
    for field in done.document["fields"]:
        assert SENTENCE[field["start"] : field["end"]] == field["words"]
    assert not bare.home.exists(), "nothing is kept"


def test_a_person_sees_the_words_and_the_questions(bare: Command) -> None:
    done = bare("draft", SENTENCE)
    assert done.code == 0
    for shown in ("mốc 753", "09 người Trung Quốc", "Còn thiếu", "Hành vi của phía nào"):
        assert shown in done.out


def test_a_secret_text_is_refused_and_not_repeated(bare: Command) -> None:
    done = bare("draft", f"TỐI MẬT. {SENTENCE}")
    assert (done.code, done.out) == (1, "")
    assert [code for code, _ in done.problems] == ["secret"]
    assert "753" not in done.err
