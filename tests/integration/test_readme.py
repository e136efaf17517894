"""README: what it tells people to type works, and its tables are true."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mocgioi.service.settings import Settings
from schemas import topics
from tests.integration.test_commands import COMMANDS
from tests.support.postgres import open_folder

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
NOT_HERE = ("cp .env.example", "docker")
"""Commands of another machine: `test_compose.py` is about those."""


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    """Every command of every block, a here-document with the command it belongs to."""
    found: list[str] = []
    for block in blocks():
        lines = iter(block.splitlines())
        for line in lines:
            command = line
            if (marker := re.search(r"<<'(\w+)'", line)) is not None:
                for more in lines:
                    command += f"\n{more}"
                    if more == marker[1]:
                        break
            if command.strip() and not command.startswith("#"):
                found.append(command)
    return found


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.fixture
def checkout() -> Iterator[Path]:
    """The checkout as a newcomer has it, with the environment that is installed already."""
    folder = open_folder()
    wanted = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in wanted:
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.timeout(600)  # some thirty commands, most of which start a PostgreSQL
def test_every_command_in_it_works(checkout: Path) -> None:
    home = checkout / "home"
    home.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOCGIOI_")}
    environment = clean | {"HOME": str(home), "MOCGIOI_HOME": str(home / "data")}
    typed = [command for command in commands() if not command.startswith(NOT_HERE)]
    assert len(typed) >= 8
    for command in typed:
        # The demo runs with what is installed; what tests and measures is only looked for.
        line = command.replace("make ", "make --old-file=.venv/runs " + ("" if command == "make demo" else "--dry-run "), 1)
        done = subprocess.run(["bash", "-c", line], cwd=checkout, env=environment, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "problem:" not in done.stderr, command


def test_it_names_every_target_that_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([\w-]+)`", README)) | {command.split()[1] for command in commands() if command.startswith("make ")}
    assert named == targets


def test_it_names_every_command_that_is_there_and_no_other() -> None:
    code = "\n".join([*re.findall(r"`([^`\n]+)`", README), *commands(), "mocgioi demo"])  # which is what `make demo` runs
    # Others of a group may follow the first with the group left out: `mocgioi rules list`, `show ID`.
    named = {name for name in COMMANDS if re.search(rf"\bmocgioi {name}\b", code)}
    short = {name for name in set(COMMANDS) - named if re.search(rf"^{name.split()[-1]}\b", code, re.MULTILINE)}
    assert sorted(set(COMMANDS) - named - short) == []
    groups = {name.split()[0] for name in COMMANDS if " " in name}
    told = set(re.findall(rf"\bmocgioi ((?:{'|'.join(sorted(groups))}) [a-z-]+|[a-z]+)\b", code))
    assert sorted(told - set(COMMANDS)) == []


def test_the_checks_that_docs_tell_of_are_those_that_a_report_has() -> None:
    source = "".join(path.read_text() for path in sorted((ROOT / "reports").rglob("*.py")))
    stop = {"period_open", *re.findall(r"_error\(\s*\"(\w+)\"", source), *re.findall(r"code=\"(\w+)\", severity=Severity.ERROR", source)}
    others = {*re.findall(r"code=\"(\w+)\"", source), *re.findall(r"_review\(\s*\"(\w+)\"", source)}
    others |= {f"open_{name}" for name in ("dead_letters", "conflicts", "corrections")}
    checks = (ROOT / "docs" / "reports.md").read_text().partition("## Tự kiểm tra")[2]
    stopping, _, looked_at = checks.partition("Còn lại")
    assert set(re.findall(r"^\| `(\w+)`", stopping, re.MULTILINE)) == stop
    assert set(re.findall(r"`([a-z_]+)`", looked_at)) == others - stop
    for name in re.findall(r"mocgioi ((?:report|baseline|db) [a-z]+)", checks):
        assert name in COMMANDS


def test_every_path_it_names_is_there() -> None:
    named = {path for path in re.findall(r"`([\w./-]+/[\w./-]*)`", README) if not path.startswith("/")}
    assert "schemas/json/" in named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_its_settings_are_those_there_are() -> None:
    told: dict[str, str] = {}
    for name, default, _ in rows("Settings"):
        first, *more = re.findall(r"`(\w+)`", name)
        defaults = default.split(", ")
        names = [first, *(f"{first.rpartition('_CA_FILE')[0] or 'MOCGIOI'}{other}" if other.startswith("_") else other for other in more)]
        for number, one in enumerate(names):
            told[one] = defaults[number] if len(defaults) == len(names) else default
    assert set(told) == {f"MOCGIOI_{name.upper()}" for name in Settings.model_fields}
    said = {True: "yes", False: "no"}
    for name, field in Settings.model_fields.items():
        value = field.default
        if name == "report_folder":
            assert told["MOCGIOI_REPORT_FOLDER"] == "`reports` in the data folder"
            assert Settings(home=ROOT).drafts == ROOT / "reports"
        elif value is None:
            assert told[f"MOCGIOI_{name.upper()}"] in ("none", "found", "an embedded server")
        elif name == "home":
            assert told["MOCGIOI_HOME"] == "the user's data folder"
        else:
            shown = said[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
            shown = ",".join(value) if isinstance(value, tuple) else shown
            assert told[f"MOCGIOI_{name.upper()}"] == shown, name


def test_its_topics_are_those_there_are() -> None:
    told = {topic.strip("`"): (writer, key) for topic, writer, _, key in rows("Topics")}
    assert tuple(told) == topics.TOPICS
    assert {topic for topic, (writer, _) in told.items() if writer == "posts"} == set(topics.SOURCES)
    assert {topic for topic, (writer, _) in told.items() if writer == "classify"} == {*topics.RESULTS, topics.CONTROL}
    assert f"{topics.PARTITIONS} partitions each" in README
    assert f"an event at most {topics.MAX_EVENT_BYTES // 1024} KiB" in README
    assert f"{topics.MAX_MESSAGE_BYTES // 1024 // 1024} MiB a message" in README
