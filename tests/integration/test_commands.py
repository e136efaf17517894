"""What every command keeps to: streams, exit codes, problems, help, settings."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from mocgioi.service.settings import Settings
from tests.support.commands import INSTALLED, Command, cpu_seconds

ROOT = Path(__file__).parents[2]
EXAMPLES = str(ROOT / "docs" / "vi" / "vi-du.jsonl")
HELP_LIMIT = 3.0  # times the libraries
HEAVY = {"rich", "faust", "sqlalchemy", "psycopg", "aiokafka", "pydantic", "structlog"}

COMMANDS = [
    *("demo", "classify", "ingest", "worker", "doctor", "settings", "marker parse", "marker relate", "topics create"),
    *("incidents list", "incidents show", "incidents assess", "incidents reinstate", "incidents conflicts", "incidents watch"),
    *("db upgrade", "db rebuild", "duty list", "duty ack", "duty assign", "duty note", "duty handover"),
    *("users add", "users list", "users passwd", "users disable"),
    *("baseline load", "baseline list", "baseline withdraw"),
    *("duty notify",),
    *("export incidents", "export crossings", "export figures"),
    *("report build", "report trace", "report audit", "report read", "report issue", "report show", "report issued"),
    *("report submit", "report return", "report approve", "report lock", "report unlock"),
    *("report due", "report run-due", "report figures"),
    *("deadletter list", "deadletter show", "deadletter redrive", "deadletter expire", "deadletter resume"),
    *("serve", "posts", "devices add", "devices list", "devices rotate", "devices revoke"),
    *("post enrol", "post report", "post update", "post retract", "post nil", "post crossing", "post status", "post send", "post watch"),
    *("spool check", "spool salvage"),
    *("positions show", "positions reset", "positions history"),
    *("secret remove", "secret list"),
    *("marker show", "gate show", "gates", "province show", "codebook", "draft", "import"),
    *("simulate", "simulate verify"),
    *("rules list", "rules show", "rules test", "rules diff", "rejudge", "explain"),
]


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with a data folder that nothing needs."""
    return Command(tmp_path / "home")


def test_the_list_of_commands_is_whole(bare: Command) -> None:
    listed = bare("--help").out.partition("Bắt đầu · start here:\n")[2].splitlines()
    groups = [line.split()[0] for line in listed if line.startswith("  ")]
    assert len(groups) == len(set(groups)), "each stands under one user"
    assert set(groups) == {name.split()[0] for name in COMMANDS}
    users = [line for line in listed if line and not line.startswith(" ")]
    assert [user.rpartition("· ")[2] for user in users] == [
        "border posts:",
        "duty officers:",
        "report writers:",
        "operators:",
        "rule writers:",
    ]
    groups = (
        "post",
        "marker",
        "rules",
        "incidents",
        "duty",
        "users",
        "baseline",
        "export",
        "report",
        "deadletter",
        "secret",
        "positions",
        "spool",
        "db",
        "topics",
    )
    for group in groups:
        names = [line.split()[0] for line in bare(group, "--help").out.partition("Commands:\n")[2].splitlines()]
        assert {f"{group} {name}" for name in names} == {name for name in COMMANDS if name.startswith(f"{group} ")}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_in_two_languages_what_a_command_does(bare: Command, name: str) -> None:
    done = bare(*name.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: mocgioi {name}" in done.out
    assert " · " in done.out


def test_help_lists_every_command_with_a_whole_sentence(bare: Command) -> None:
    for group in (
        [],
        ["post"],
        ["incidents"],
        ["duty"],
        ["users"],
        ["baseline"],
        ["export"],
        ["report"],
        ["deadletter"],
        ["spool"],
        ["positions"],
        ["secret"],
        ["marker"],
        ["rules"],
        ["db"],
        ["topics"],
    ):
        assert "..." not in bare(*group, "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize("name", ["", "incidents list", "ingest", "doctor", "worker", "post report"])
def test_help_costs_little_beside_the_libraries_it_cannot_do_without(bare: Command, name: str) -> None:
    def cost(run: Callable[[], object]) -> float:
        began = cpu_seconds()
        run()
        return cpu_seconds() - began

    # A limit in seconds fails on a slow machine. Where this ratio holds, --help takes 0.2 s on a fast one and 0.45 s on a slow one.
    libraries = (sys.executable, "-c", "import typer, pydantic")
    assert any(
        cost(lambda: bare.from_its_file(*name.split(), "--help")) < HELP_LIMIT * cost(lambda: subprocess.run(libraries, check=True))
        for _ in range(15)
    )


def test_it_says_its_version_and_is_of_the_version_that_the_project_has(bare: Command) -> None:
    done = bare("--version")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (done.code, done.out, done.err) == (0, f"mocgioi {project['version']}\n", "")


def test_without_a_command_it_shows_its_help(bare: Command) -> None:
    done = bare()
    assert (done.code, done.out) == (2, "")
    assert "Usage: mocgioi" in done.err
    assert "incidents" in done.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nothing"], "nothing"),
        (["marker", "nothing"], "nothing"),
        (["marker", "parse"], "TEXT"),
        (["marker", "parse", "--nothing", "1"], "--nothing"),
        (["worker"], "stage"),
        (["worker", "both"], "both"),
        (["ingest"], "FILE"),
        (["ingest", "missing.jsonl"], "missing.jsonl"),
        (["ingest", "."], "."),
        (["classify", "missing.jsonl"], "missing.jsonl"),
        (["classify", "."], "."),
        (["incidents", "list", "--side", "XX"], "XX"),
        (["incidents", "list", "--kind", "war"], "war"),
        (["incidents", "list", "--limit", "0"], "--limit"),
        (["incidents", "list", "--province", "ha-noi"], "lang-son"),
        (["incidents", "list", "--as-of", "14/12/2019"], "14/12/2019"),
        (["incidents", "show", "x", "--as-of", "soon"], "soon"),
        (["incidents", "assess", "x"], "--reason"),
        (["incidents", "assess", "x", "--reason", "r", "--office", "o"], "--outcome"),
        (["incidents", "assess", "x", "--reason", "r", "--office", "Sở Ngoại vụ", "--side", "CN"], "Sở Ngoại vụ"),
        (["incidents", "assess", "x", "--reason", "r", "--office", "o", "--article39", "17"], "--article39"),
        (["baseline", "load"], "FILE"),
        (["baseline", "load", "missing.csv"], "missing.csv"),
        (["baseline", "withdraw", "lang-son", "2018", "breach.total"], "--reason"),
        (["baseline", "withdraw", "lang-son", "2018", "breach.total", "--reason", " "], "--reason"),
        (["baseline", "withdraw", "ha-noi", "2018", "breach.total", "--reason", "r"], "ha-noi"),
        (["baseline", "withdraw", "lang-son", "2018Q5", "breach.total", "--reason", "r"], "2018Q5"),
        (["baseline", "withdraw", "lang-son", "2018", "breach.total", "--reason", "r", "--regime", "nd10"], "nd09"),
        (["deadletter", "show", "somewhere"], "TOPIC:PARTITION:OFFSET"),
        (["deadletter", "redrive"], "--all"),
        (["deadletter", "redrive", "--all", "--code", "json"], "--all"),
        (["topics", "create"], "MOCGIOI_KAFKA"),
        (["deadletter", "resume"], "MOCGIOI_KAFKA"),
        (["worker", "all"], "MOCGIOI_KAFKA"),
        (["ingest", "--kafka", __file__], "MOCGIOI_KAFKA"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_that_names_what_is_wrong(bare: Command, arguments: list[str], named: str) -> None:
    done = bare(*arguments)
    assert (done.code, done.out) == (2, "")
    assert len(done.problems) == 1
    assert named.lower() in done.problems[0][1].lower()
    assert not bare.home.exists(), "nothing was begun"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOCGIOI_KAFA", "x", "MOCGIOI_KAFKA"),
        ("MOCGIOI_BATCH", "many", '"many"'),
        ("MOCGIOI_BATCH", "0", "1"),
        ("MOCGIOI_LOG", "loud", "console"),
        ("MOCGIOI_METRICS_PORT", "70000", "65535"),
        ("MOCGIOI_DATABASE_URL", "mysql://here/x", "postgresql://"),
        ("MOCGIOI_KAFKA_CA_FILE", "/no/such/file", "/no/such/file"),
        ("MOCGIOI_KAFKA_CA_FILE", __file__, "PEM"),
        ("MOCGIOI_KAFKA", "127.0.0.1:99999", "host:port"),
        ("MOCGIOI_KAFKA", "one:9092,two:port", "'two:port'"),
        ("MOCGIOI_KAFKA", "one:9092,", "host:port"),
        ("MOCGIOI_KAFKA", "[::1]:x", "host:port"),
    ],
)
def test_a_bad_setting_is_named(bare: Command, name: str, value: str, said: str) -> None:
    done = bare("settings", **{name: value})
    assert (done.code, done.out) == (2, "")
    ((code, sentence),) = done.problems
    assert code == "settings"
    assert sentence.startswith(f"{name}: ")
    assert said in sentence


@pytest.mark.parametrize(
    ("text", "said"), [("kafka = 1 2", "mocgioi.toml"), ('kafkaa = "x"', "MOCGIOI_KAFKAA"), ("batch = 0", "MOCGIOI_BATCH")]
)
def test_a_bad_settings_file_is_named(bare: Command, text: str, said: str) -> None:
    bare.home.mkdir()
    (bare.home / "mocgioi.toml").write_text(text)
    done = bare("settings")
    assert done.code == 2
    ((code, sentence),) = done.problems
    assert code == "settings"
    assert said in sentence


def test_settings_say_where_they_come_from_and_keep_secrets(bare: Command) -> None:
    bare.home.mkdir()
    (bare.home / "mocgioi.toml").write_text('batch = 7\nkafka = "file:9092"\n')
    settings = {
        "MOCGIOI_KAFKA": "variable:9092",
        "MOCGIOI_KAFKA_PASSWORD": "hunter2",
        "MOCGIOI_DATABASE_URL": "postgresql://post:hunter2@db.example/record?password=hunter2",
    }
    done = bare("settings", "--json", **settings)
    rows = {row["name"]: row for row in done.document}
    assert list(rows) == [f"MOCGIOI_{name.upper()}" for name in Settings.model_fields]
    assert (rows["MOCGIOI_BATCH"]["value"], rows["MOCGIOI_BATCH"]["origin"]) == ("7", str(bare.home / "mocgioi.toml"))
    assert (rows["MOCGIOI_KAFKA"]["value"], rows["MOCGIOI_KAFKA"]["origin"]) == ("variable:9092", "MOCGIOI_KAFKA")
    assert (rows["MOCGIOI_LOG"]["value"], rows["MOCGIOI_LOG"]["origin"]) == ("auto", "default")
    assert rows["MOCGIOI_DATABASE_URL"]["value"] == "postgresql://post:***@db.example/record?password=***"
    assert "hunter2" not in done.out
    assert "hunter2" not in bare("settings", **settings).out


def test_a_data_folder_that_cannot_be_one_is_a_problem_and_no_traceback(bare: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "events").write_text("")
    inside_a_file = {"MOCGIOI_HOME": str(tmp_path / "file" / "home")}
    for arguments, code in ((["incidents", "list"], 3), (["ingest", str(tmp_path / "events")], 1)):
        done = bare(*arguments, **inside_a_file)
        assert done.code == code
        ((_, sentence),) = done.problems
        assert str(tmp_path / "file") in sentence


@pytest.mark.parametrize(
    "arguments", [["incidents", "list"], ["deadletter", "list"], ["db", "upgrade"], ["db", "rebuild"], ["incidents", "show", "x"]]
)
def test_a_database_that_is_away_is_exit_3_with_one_clear_line(bare: Command, arguments: list[str]) -> None:
    done = bare(*arguments, MOCGIOI_DATABASE_URL="postgresql://post:hunter2@127.0.0.1:1/record")
    assert (done.code, done.out) == (3, "")
    ((code, sentence),) = done.problems
    assert code == "database_unavailable"
    assert "127.0.0.1" in sentence
    assert "hunter2" not in done.err


@pytest.mark.parametrize("arguments", [["topics", "create"], ["deadletter", "resume"], ["ingest", "--kafka", EXAMPLES]])
def test_a_broker_that_is_away_is_exit_3_at_once_with_one_clear_line(bare: Command, arguments: list[str]) -> None:
    done = bare(*arguments, MOCGIOI_KAFKA="127.0.0.1:1", timeout_s=20)
    assert (done.code, done.out) == (3, "")
    ((code, sentence),) = done.problems
    assert code == "broker_unavailable"
    assert "127.0.0.1" in sentence


def test_a_reader_that_goes_away_ends_it_quietly(bare: Command, tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_bytes((ROOT / "mocgioi" / "data" / "published.jsonl").read_bytes() * 20)
    for arguments in (["classify", str(many)], ["marker", "parse", "--json", *["1088/2"] * 3000]):
        process = bare.start(*arguments)
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("line", "offered"), [("mocgioi inc", "incidents"), ("mocgioi incidents as", "assess"), ("mocgioi incidents list --out", "--outcome")]
)
def test_the_shell_completes_commands_and_options(bare: Command, line: str, offered: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_MOCGIOI_COMPLETE": "complete_bash"}
    assert offered in bare(**words).out.split()


def test_the_script_for_the_shell_is_shown() -> None:
    shown = subprocess.run(["bash", "-c", f'"{INSTALLED}" --show-completion bash; true'], capture_output=True, text=True, check=True)
    assert "_MOCGIOI_COMPLETE=complete_bash" in shown.stdout


def test_help_loads_no_library_of_the_services() -> None:
    code = f"import sys, mocgioi.cli; print(sorted({HEAVY} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
