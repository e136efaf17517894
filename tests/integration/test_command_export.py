"""`mocgioi export`: a file for other people's programs, its codebook beside it, the same again as of the same moment."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pyarrow.parquet as pq
import pytest

from reports.spreadsheet import BOM
from tests.builders import crossing, incident, reported, updated
from tests.support.commands import INSTALLED, Command, write_events

PERIOD = ["--regime", "calendar", "--period", "2025"]
STREAMED_ROWS = 150_000
STREAMED_MB = 250
"""All rows at once, as Python has them, are more."""


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with a data folder that nothing needs."""
    return Command(tmp_path / "home")


def ingest(command: Command, folder: Path, *events: dict[str, Any]) -> None:
    assert command("ingest", write_events(folder / "events.jsonl", events)).code == 0


def first_line(content: bytes) -> dict[str, str]:
    """What the comment says, and that its checksum holds."""
    first, _, data = content.removeprefix(BOM).partition(b"\n")
    head, *facts = first.decode().split("; ")
    said = {"": head} | dict(fact.split("=", 1) for fact in facts)
    assert said["sha256"] == hashlib.sha256(data).hexdigest()
    assert int(said["rows"]) == data.count(b"\n") - 1
    return said


def test_a_file_holds_its_count_and_checksum_and_has_its_codebook_beside_it(command: Command, tmp_path: Path) -> None:
    event = reported(incident(text="lời kể"))
    ingest(command, tmp_path, event)
    file = tmp_path / "i.csv"
    done = command("export", "incidents", "--format", "csv", "-o", file, "--json")
    assert (done.code, done.err) == (0, "")
    said = first_line(file.read_bytes())
    assert list(said) == ["", "as_of", "rows", "sha256", "unit"]
    assert said[""] == "# mocgioi export incidents"
    assert done.document == {
        "file": str(file),
        "codebook": f"{file}.codebook.md",
        "rows": 1,
        "sha256": said["sha256"],
        "as_of": said["as_of"],
        "unit": "all",
    }
    text = file.read_text()
    assert f"\n{event['subject']},2025-12-28T09:00:00+07:00,hour,works," in text
    assert "lời kể" not in text
    page = Path(f"{file}.codebook.md").read_text()
    assert said["sha256"] in page
    assert "| `article39` | integer list | mục Điều 39 |" in page
    told = command("export", "incidents", "--format", "csv", "-o", file, "--unit", "Cao Bằng").out
    assert f"{file}: 0 dòng" in told
    assert first_line(file.read_bytes())["unit"] == "cao-bang"


def test_the_same_moment_gives_the_same_bytes_whatever_came_since(command: Command, tmp_path: Path) -> None:
    event = reported()
    ingest(command, tmp_path, event, crossing())
    once = command("export", "incidents", "--format", "csv")
    assert once.err == ""
    said = first_line(once.out.encode())
    made = {"csv": once.out.encode()}
    for form in ("xlsx", "parquet"):
        assert command("export", "incidents", "--format", form, "-o", tmp_path / f"1.{form}", "--as-of", said["as_of"]).code == 0
        made[form] = (tmp_path / f"1.{form}").read_bytes()
    ingest(command, tmp_path, updated(event["subject"], {"side": "VN"}), reported())
    for form, before in made.items():
        command("export", "incidents", "--format", form, "-o", tmp_path / f"2.{form}", "--as-of", said["as_of"])
        assert (tmp_path / f"2.{form}").read_bytes() == before
    about = {str(name): value for name, value in openpyxl.load_workbook(tmp_path / "2.xlsx")["about"].iter_rows(values_only=True)}
    metadata = pq.read_metadata(tmp_path / "2.parquet").metadata
    assert about["sha256"] == said["sha256"] == metadata[b"mocgioi.sha256"].decode()
    assert about["as_of"] == said["as_of"]
    assert first_line(command("export", "incidents", "--format", "csv").out.encode())["sha256"] != said["sha256"]


def test_days_are_within_and_a_period_is_a_span_of_days(command: Command, tmp_path: Path) -> None:
    event = reported(incident(occurred={"start": "2025-12-14T23:59:00+07:00", "precision": "minute"}))
    ingest(command, tmp_path, event, crossing())

    def rows(what: str, *options: str) -> int:
        return int(first_line(command("export", what, "--format", "csv", *options).out.encode())["rows"])

    assert rows("incidents", "--from", "2025-12-14", "--to", "2025-12-14") == 1
    assert rows("incidents", "--from", "2025-12-15") == 0
    assert rows("incidents", "--to", "2025-12-13") == 0
    assert rows("incidents", "--regime", "nd09", "--period", "2025") == 1
    assert rows("incidents", "--period", "2026-01") == 0
    assert rows("crossings", "--from", "2025-12-28", "--to", "2025-12-28", "--unit", "lang-son") == 2
    assert rows("crossings", *PERIOD, "--unit", "cao-bang") == 0


def test_figures_of_a_period_are_rows(command: Command, tmp_path: Path) -> None:
    ingest(command, tmp_path, reported())
    done = command("export", "figures", "--format", "csv", *PERIOD, "--unit", "lang-son")
    assert (done.code, done.err) == (0, "")
    said = first_line(done.out.encode())
    assert (said["regime"], said["period"], said["start"]) == ("calendar", "2025", "2025-01-01T00:00:00+07:00")
    assert 'lang-son,calendar,2025,breach.CN,"Vi phạm Hiệp định, phía: Trung Quốc",1,vụ,1,0,1,8\n' in done.out
    by_month = command("export", "figures", "--format", "csv", *PERIOD, "--unit", "lang-son", "--by", "month").out
    assert first_line(by_month.encode())["by"] == "month"
    totals = [line.split(",") for line in by_month.splitlines() if ",breach.total," in line]
    assert [(cells[2], cells[5]) for cells in totals if cells[5]] == [("2025-12", "1")], "of the other months nobody has reported"
    assert len(totals) == 12


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["incidents"], "--format"),
        (["incidents", "--format", "ods"], "--format"),
        (["incidents", "--format", "parquet"], "--format parquet"),
        (["crossings", "--format", "xlsx"], "--format xlsx"),
        (["incidents", "--format", "csv", "--json"], "--json"),
        (["incidents", "--format", "csv", "--unit", "ha-noi"], "--unit"),
        (["incidents", "--format", "csv", "--unit", "ha-giang", "--period", "2026"], "--unit"),
        (["incidents", "--format", "csv", "--period", "2019Q5"], "--period"),
        (["incidents", "--format", "csv", "--regime", "weekly", "--period", "2019"], "--regime"),
        (["incidents", "--format", "csv", "--regime", "nd09"], "--period"),
        (["incidents", "--format", "csv", "--period", "2019", "--from", "2019-01-01"], "--from"),
        (["incidents", "--format", "csv", "--from", "14/12/2019"], "--from"),
        (["incidents", "--format", "csv", "--to", "2019-13-01"], "--to"),
        (["incidents", "--format", "csv", "--from", "2019-12-14", "--to", "2019-12-13"], "--to"),
        (["incidents", "--format", "csv", "--as-of", "soon"], "--as-of"),
        (["figures", "--format", "csv"], "--period"),
        (["figures", "--format", "csv", "--period", "2019", "--by", "week"], "--by"),
        (["figures", "--format", "csv", "--period", "2019", "--regime", "weekly"], "--regime"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_names_the_option_and_begins_nothing(bare: Command, arguments: list[str], named: str) -> None:
    done = bare("export", *arguments)
    assert (done.code, done.out) == (2, "")
    ((_, sentence),) = done.problems
    assert named in sentence
    assert not bare.home.exists(), "nothing was begun"


def test_what_is_no_file_is_never_replaced(command: Command, tmp_path: Path) -> None:
    done = command("export", "incidents", "--format", "csv", "-o", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert f"--output {tmp_path}" in done.problems[0][1]
    missing = command("export", "incidents", "--format", "csv", "-o", tmp_path / "no" / "i.csv")
    assert (missing.code, [code for code, _ in missing.problems]) == (1, ["file"])


def test_a_database_that_is_away_leaves_the_file_as_it_was(bare: Command, tmp_path: Path) -> None:
    file = tmp_path / "i.csv"
    file.write_text("trước")
    away = {"MOCGIOI_DATABASE_URL": "postgresql://post@127.0.0.1:1/record"}
    done = bare("export", "incidents", "--format", "csv", "-o", file, **away)
    assert (done.code, [code for code, _ in done.problems]) == (3, ["database_unavailable"])
    assert {path.name for path in tmp_path.iterdir()} == {"i.csv"}
    assert file.read_text() == "trước"


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process between: the peak of a child of ours would begin with our own size."""


def test_many_crossings_stream_through_little_memory(command: Command, database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO crossing (source, id, position, stated_source, stated_id, gate, direction, status, interval_start, interval_end,"
            " what, n, recorded_at) SELECT '/posts/tan-thanh/d1', 'e-' || g, 0, '/posts/tan-thanh/d1', 'e-' || g, 'tan-thanh', 'VN-CN',"
            " 'actual', now() - g * interval '1 min', now(), 'persons', g, now() FROM generate_series(1, %s) g",
            (STREAMED_ROWS,),
        )
    file = tmp_path / "c.csv"
    arguments = [INSTALLED, "export", "crossings", "--format", "csv", "-o", file]
    environment = command.environment_of(arguments[1:])
    done = subprocess.run([sys.executable, "-c", MEASURED, *arguments], env=environment, capture_output=True, check=True)
    assert int(first_line(file.read_bytes())["rows"]) == STREAMED_ROWS
    assert int(done.stdout.splitlines()[-1]) / 1024 < STREAMED_MB
