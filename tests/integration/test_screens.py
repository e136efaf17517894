"""Commands on a terminal: no text of an event, a dead letter or a file steers it, whoever wrote the text."""

import json
import re
import unicodedata
from pathlib import Path

import psycopg
import pytest

from schemas.invisible import IGNORABLE
from tests.builders import incident, payload, reported, retracted
from tests.support.commands import Command, write_events

HOSTILE = "mốc\x1b]0;x\x07\x9b2J\x7f\r\u200b\u202e\u2066\u2028\nproblem: all: well"
"""Sets a terminal's title, clears its screen, hides, turns the direction round and looks like a line of ours."""
LETTER = """
INSERT INTO dead_letter (log, topic, partition, "offset", received_at, code, reason, payload, sha256, source, recorded_at)
VALUES ('l', 'border.incidents.v1', 0, 7, now(), %s, %s, %s, 'x', %s, now())
"""


def assert_plain(seen: str, *, quoted: bool = False) -> None:
    """`quoted`: a line end within the quotes of CSV is one."""
    steering = [
        letter for letter in seen if letter != "\n" and (unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") or letter in IGNORABLE)
    ]
    assert not steering, seen
    assert quoted or not re.search("^problem: all", seen, flags=re.MULTILINE), seen


@pytest.mark.fault(
    what="a text of an event steers a terminal",
    how="escape sequences, bidi overrides, line ends and characters of no width in a place, a reason, an id, a dead letter, a file",
    then="every screen shows them as escapes; files and pipes have the text as it is",
)
def test_what_others_wrote_steers_no_terminal(command: Command, database_url: str, tmp_path: Path) -> None:
    hostile = reported(incident(text=HOSTILE, place={"scheme": "area", "area": HOSTILE, "district": HOSTILE, "province": "lang-son"}))
    gone = retracted(hostile["subject"]) | {"data": {"reason": HOSTILE}}
    refused = reported() | {"subject": HOSTILE, "data": incident(side=HOSTILE)}
    file = write_events(tmp_path / "events.jsonl", [hostile, gone, refused])
    seen = command.on_terminal("ingest", file)
    assert_plain(seen)
    assert r"mốc\u001b]0;x" in seen
    with psycopg.connect(database_url) as connection:
        connection.execute(LETTER, (HOSTILE, HOSTILE, HOSTILE.encode(), HOSTILE))
    for arguments in (
        *(("incidents", "list"), ("incidents", "show", hostile["subject"]), ("explain", gone["id"]), ("explain", hostile["id"])),
        *(
            ("explain", HOSTILE),
            ("deadletter", "list"),
            ("deadletter", "show", "border.incidents.v1:0:7"),
            ("deadletter", "list", "--json"),
        ),
        *(
            ("incidents", "show", hostile["subject"], "--json"),
            ("report", "build", "--unit", "lang-son", "--period", "2025", "--format", "md"),
        ),
    ):
        seen = command.on_terminal(*arguments)
        assert seen, arguments
        assert_plain(seen)
    assert r"\u009b2J" in command.on_terminal("deadletter", "show", "border.incidents.v1:0:7")
    exported = command.on_terminal("export", "incidents", "--format", "csv")
    assert_plain(exported, quoted=True)
    assert r"\u009b2J" in exported
    assert "\x9b2J" in command("export", "incidents", "--format", "csv").out, "into a pipe as it is"
    (letter,) = json.loads(command.on_terminal("deadletter", "list", "--json"))
    assert letter["reason"] == HOSTILE


def test_what_a_person_gives_a_command_steers_no_terminal(tmp_path: Path) -> None:
    bare = Command(tmp_path / "home")
    (tmp_path / "line").write_bytes(payload(reported(subject=HOSTILE)) + b"\n{\x1b]0;x\x07}\n")
    for arguments in (
        *(("marker", "parse", f"mốc 1088/2 {HOSTILE}"), ("draft", f"Lúc 9 giờ tại {HOSTILE} mốc 1088/2 phía Trung Quốc xây nhà")),
        *(("classify", tmp_path / "line"), ("ingest", HOSTILE), ("incidents", "list", f"--{HOSTILE}"), ("marker", "show", HOSTILE)),
        *(("incidents", "list", "--province", HOSTILE), ("incidents", "list", "--as-of", HOSTILE), ("report", "read", tmp_path / "line")),
    ):
        seen = bare.on_terminal(*arguments)
        assert seen, arguments
        assert_plain(seen)
