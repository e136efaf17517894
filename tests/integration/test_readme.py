"""README: what it tells people to type works, and its tables are true."""

import re
import tomllib
from importlib.util import find_spec

import pytest

from mocgioi.service.settings import Settings
from schemas import topics
from tests.integration.test_commands import COMMANDS
from tests.support.documents import ROOT, checkout, commands, run_commands

README = (ROOT / "README.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.timeout(600)  # some twenty commands, most of which start a PostgreSQL
def test_every_command_in_it_works() -> None:
    assert len(commands(README)) >= 8
    with checkout() as folder:
        run_commands(README, folder)


def test_no_container_starts_before_its_passwords_are_there() -> None:
    typed = commands(README)
    copied = next(number for number, command in enumerate(typed) if command.startswith("cp .env.example .env"))
    assert copied < min(number for number, command in enumerate(typed) if command.startswith("docker "))


def test_it_names_every_target_that_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([\w-]+)`", README)) | {
        command.split()[1] for command in commands(README) if command.startswith("make ")
    }
    assert named == targets


def test_it_names_every_command_that_is_there_and_no_other() -> None:
    code = "\n".join([*re.findall(r"`([^`\n]+)`", README), *commands(README), "mocgioi demo"])  # which is what `make demo` runs
    # Others of a group may follow the first with the group left out: `mocgioi rules list`, `show ID`.
    named = {name for name in COMMANDS if re.search(rf"\bmocgioi {name}\b", code)}
    short = {name for name in set(COMMANDS) - named if re.search(rf"^{name.split()[-1]}\b", code, re.MULTILINE)}
    assert sorted(set(COMMANDS) - named - short) == []
    groups = {name.split()[0] for name in COMMANDS if " " in name}
    written = set(re.findall(rf"\bmocgioi ((?:{'|'.join(sorted(groups))}) [a-z][a-z-]*|[a-z]+)\b", code))
    assert sorted(written - set(COMMANDS)) == []


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
    table: dict[str, str] = {}
    for name, default, _ in rows("Settings"):
        first, *more = re.findall(r"`(\w+)`", name)
        defaults = default.split(", ")
        names = [first, *(f"{first.rpartition('_CA_FILE')[0] or 'MOCGIOI'}{other}" if other.startswith("_") else other for other in more)]
        for number, variable in enumerate(names):
            table[variable] = defaults[number] if len(defaults) == len(names) else default
    assert set(table) == {f"MOCGIOI_{name.upper()}" for name in Settings.model_fields}
    words = {True: "yes", False: "no"}
    for name, field in Settings.model_fields.items():
        value = field.default
        if name == "report_folder":
            assert table["MOCGIOI_REPORT_FOLDER"] == "`reports` in the data folder"
            assert Settings(home=ROOT).drafts == ROOT / "reports"
        elif value is None:
            assert table[f"MOCGIOI_{name.upper()}"] in ("none", "found", "an embedded server")
        elif name == "home":
            assert table["MOCGIOI_HOME"] == "the user's data folder"
        else:
            shown = words[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
            shown = ",".join(value) if isinstance(value, tuple) else shown
            assert table[f"MOCGIOI_{name.upper()}"] == shown, name


def test_its_topics_are_those_there_are() -> None:
    table = {topic.strip("`"): (writer, key) for topic, writer, _, key in rows("Topics")}
    assert tuple(table) == topics.TOPICS
    assert {topic for topic, (writer, _) in table.items() if writer == "posts"} == set(topics.SOURCES)
    assert {topic for topic, (writer, _) in table.items() if writer == "classify"} == {*topics.RESULTS, topics.CONTROL}
    assert f"{topics.PARTITIONS} partitions each" in README
    assert f"an event at most {topics.MAX_EVENT_BYTES // 1024} KiB" in README
    assert f"{topics.MAX_MESSAGE_BYTES // 1024 // 1024} MiB a message" in README


def test_every_module_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:schemas|agreement|streams|sinks|texts|posts|reports|mocgioi)(?!\.toml)(?:\.\w+)+)`", README))
    assert "streams.intake" in named
    assert [name for name in sorted(named) if find_spec(name) is None] == []


def test_its_map_is_the_one_that_import_linter_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = project["tool"]["importlinter"]["root_packages"]
    forbidden: dict[str, set[str]] = {room: set() for room in rooms}
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            continue  # of folders within a room
        for room in contract["source_modules"]:
            forbidden[room].update(contract["forbidden_modules"])
    table = {room.strip("`/"): (ours, own) for room, _, ours, own in rows("Develop")}
    assert set(table) == set(rooms)
    words = {"nothing": set(), "every other room": set(rooms) - {"mocgioi"}}
    libraries = {room: set(filter(None, own.split(", "))) for room, (_, own) in table.items()}
    for room, (ours, _) in table.items():
        imported = words[ours] if ours in words else set(ours.split(", "))
        assert imported == set(rooms) - forbidden[room] - {room}, room
    for room in set(rooms) - {"mocgioi"}:  # which composes all
        assert libraries[room] == set.union(*libraries.values()) - forbidden[room], room
