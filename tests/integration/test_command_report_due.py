"""`mocgioi report due` and `run-due`, as people and schedulers run them."""

import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from agreement.periods import Regime
from mocgioi.cli import _answer_to
from mocgioi.commands.reporting.run_due import _round, seconds_until
from mocgioi.service.settings import Settings
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from sinks.record.report_runs import AlreadyRunning, one_at_a_time, remember_run
from tests import builders
from tests.builders import HANOI
from tests.support.classified_batches import Log
from tests.support.commands import Command
from tests.support.issuing import act
from tests.support.rows import one, rows

JANUARY = ("--since", "2026-01-01", "--on", "2026-01-20")
"""One report is due: the month of 15/12 to 14/1, in which builders' events are."""


def record(engine: Engine, *events: dict[str, Any]) -> None:
    database = Database(engine)
    database.record(Log(database).batch(events))


def folder(command: Command) -> Path:
    return command.home / "reports" / "lang-son" / "nd09" / "2026-01"


def test_without_any_data_it_says_what_comes(embedded: Command) -> None:
    done = embedded("report", "due", "--on", "2027-11-30", "--json")
    assert (done.code, done.err) == (0, "")
    assert [row["period"] for row in done.document] == ["2027-12", "2027Q4", "2027H2", "2027"]
    assert done.document[0] == {
        "unit": "all",
        "regime": "nd09",
        "period": "2027-12",
        "name": "tháng 12 năm 2027",
        "cut_off": "2027-12-14",
        "opens": "2027-12-15",
        "send_by": "2027-12-24",  # the 25th is a Saturday
        "deadline": "2027-12-25",
        "state": "upcoming",
        "days_late": 0,
        "working_days_late": 0,
        "built_at": None,
        "errors": None,
        "issued_at": None,
        "version": None,
    }
    shown = embedded("report", "due")
    assert (shown.code, shown.err) == (0, "")
    assert "chưa có dữ liệu" in shown.out
    assert "chưa đến hạn" in shown.out
    nothing = embedded("report", "run-due")
    assert (nothing.code, nothing.err) == (0, "")
    assert "không có gì" in nothing.out


def test_its_words_follow_a_report_from_due_to_issued(command: Command, engine: Engine) -> None:
    record(engine, builders.reported())

    def states(on: str) -> dict[str, str]:
        done = command("report", "due", "--unit", "Lạng Sơn", "--since", "2026-01-01", "--on", on)
        assert (done.code, done.err) == (0, "")
        cells = [line.split() for line in done.out.splitlines() if line.strip().startswith("lang-son")]
        return {line[1]: " ".join(line).partition("/2026 ")[2].rpartition("/2026 ")[2] for line in cells}

    assert states("2026-01-14")["2026-01"] == "chưa đến hạn"
    assert states("2026-01-25")["2026-01"] == "đến hạn"
    assert states("2026-01-28")["2026-01"] == "quá hạn 3 ngày (3 ngày làm việc)"
    assert command("report", "run-due", *JANUARY, "--unit", "lang-son").code == 0
    rows_of = {row["period"]: row for row in command("report", "due", *JANUARY, "--unit", "lang-son", "--json").document}
    assert (rows_of["2026-01"]["state"], rows_of["2026-01"]["errors"]) == ("built", 0)
    assert datetime.fromisoformat(rows_of["2026-01"]["built_at"]) <= datetime.now(HANOI)
    shown = command("report", "due", "--unit", "lang-son", "--since", "2026-01-01", "--on", "2026-01-28").out
    assert "đã lập lúc" in shown
    assert "chưa phát hành, quá hạn 3 ngày (3 ngày làm việc)" in shown
    issued = command("report", "issue", "--unit", "lang-son", "--period", "2026-01", *act(1))
    assert issued.code == 0, issued.err
    rows_of = {row["period"]: row for row in command("report", "due", *JANUARY, "--unit", "lang-son", "--json").document}
    assert (rows_of["2026-01"]["state"], rows_of["2026-01"]["version"]) == ("issued", 1)
    later = ("report", "due", "--since", "2026-01-01", "--unit", "lang-son", "--on", "2026-08-01")
    assert "đã phát hành bản 1" not in command(*later).out
    assert "đã phát hành bản 1" in command(*later, "--all").out
    again = command("report", "run-due", *JANUARY, "--unit", "lang-son", "--json")
    assert [made["done"] for made in again.document["reports"]] == ["issued"]


def test_run_due_builds_whole_documents_where_the_setting_says(command: Command, engine: Engine, tmp_path: Path) -> None:
    record(engine, builders.reported())
    settings = {"MOCGIOI_REPORT_UNITS": "lang-son,all", "MOCGIOI_REPORT_FOLDER": str(tmp_path / "out")}
    done = command("report", "run-due", *JANUARY, "--json", **settings)
    assert (done.code, done.err) == (0, "")
    told = done.document
    assert (told["on"], told["ok"], told["built"]) == ("2026-01-20", True, 2)
    assert [(made["unit"], made["done"], made["folder"]) for made in told["reports"]] == [
        (unit, "built", str(tmp_path / "out" / unit / "nd09" / "2026-01")) for unit in ("lang-son", "all")
    ]
    made = tmp_path / "out" / "lang-son" / "nd09" / "2026-01"
    starts = {form: (made / f"lang-son-2026-01.{form}").read_bytes()[:2] for form in ("json", "docx", "xlsx")}
    assert starts == {"json": b"{\n", "docx": b"PK", "xlsx": b"PK"}
    assert "01 vụ" in (made / "lang-son-2026-01.md").read_text()
    again = command("report", "run-due", *JANUARY, **settings)
    assert (again.code, again.err) == (0, "")
    assert "2 không đổi" in again.out
    assert not (command.home / "reports").exists()


def test_a_draft_in_the_default_folder_is_told_with_where_the_changed_one_went(command: Command, engine: Engine) -> None:
    record(engine, builders.reported())
    first = command("report", "run-due", *JANUARY, "--unit", "lang-son")
    assert "1 lập mới" in first.out
    assert str(folder(command)) in first.out.replace("\n", "")
    (folder(command) / "lang-son-2026-01.docx").write_text("mine")
    record(engine, builders.reported())
    done = command("report", "run-due", *JANUARY, "--unit", "lang-son", "--json")
    ((made),) = done.document["reports"]
    assert made["done"] == "refreshed"
    assert (Path(made["kept"]) / "lang-son-2026-01.docx").read_text() == "mine"


def test_a_report_that_cannot_be_built_is_exit_1_with_a_line_that_names_it(command: Command, engine: Engine, tmp_path: Path) -> None:
    record(engine, builders.reported())
    (tmp_path / "file").write_text("")
    done = command("report", "run-due", *JANUARY, "--unit", "lang-son", "--unit", "all", MOCGIOI_REPORT_FOLDER=str(tmp_path / "file"))
    assert done.code == 1
    assert [code for code, _ in done.problems] == ["report_failed", "report_failed"]
    assert [sentence.split(":")[0] for _, sentence in done.problems] == ["lang-son 2026-01", "all 2026-01"]
    assert rows(engine, "SELECT ok, built FROM report_run") == [(False, 0)]


def test_a_record_that_contradicts_its_events_is_exit_1_with_what_does_not_add_up(command: Command, engine: Engine) -> None:
    record(engine, builders.reported())
    with engine.begin() as connection:  # as no program of ours would
        connection.execute(text("UPDATE incident_state SET side = 'VN'"))
    done = command("report", "run-due", *JANUARY, "--unit", "lang-son", "--json")
    assert done.code == 1
    assert {code for code, _ in done.problems} == {"report_check"}
    assert all(sentence.startswith("lang-son 2026-01: ") for _, sentence in done.problems)
    assert not done.document["ok"]
    assert done.document["reports"][0]["done"] == "built", "a person has to see it"
    ((ok, reason),) = rows(engine, "SELECT ok, reason FROM report_run")
    assert not ok
    assert reason.splitlines() == [sentence for _, sentence in done.problems]
    shown = command("report", "due", *JANUARY, "--unit", "lang-son")
    assert f"{len(done.problems)} kiểm tra không đạt" in shown.out


def test_doctor_says_how_the_last_run_went(command: Command, engine: Engine) -> None:
    def reports() -> tuple[str, str]:
        done = command("doctor", "--json")
        row = next(row for row in done.document if "periodic reports" in row["part"])
        return row["state"], row["remedy"]

    assert reports() == ("unused", "")
    remember_run(engine, started_at=as_of_now(engine), built=2, reason=None)
    assert reports() == ("well", "")
    remember_run(engine, started_at=as_of_now(engine), built=0, reason="lang-son 2019-10: số liệu không khớp")
    assert reports() == ("unwell", "mocgioi report run-due")


@pytest.mark.parametrize("name", ["due", "run-due"])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--on", "15/12/2025"], "15/12/2025"),
        (["--on", "2025-02-30"], "2025-02-30"),
        (["--on", "0001-01-01"], "0001-01-01"),
        (["--since", "soon"], "--since"),
        (["--unit", "ha-noi"], "ha-noi"),
        (["--regime", "nd10"], "nd09"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_that_names_what_is_wrong(embedded: Command, name: str, arguments: list[str], named: str) -> None:
    done = embedded("report", name, *arguments)
    assert (done.code, done.out) == (2, "")
    ((_, sentence),) = done.problems
    assert named in sentence


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--on", "2100-01-20"], "ngày chưa tới"),
        (["--daily", "2 am"], "2 am"),
        (["--daily", "24:00"], "24:00"),
        (["--daily", "02:00", "--on", "2026-01-20"], "--daily"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_of_a_day_to_come_or_at_no_time_is_refused(embedded: Command, arguments: list[str], named: str) -> None:
    done = embedded("report", "run-due", *arguments)
    assert (done.code, done.out) == (2, "")
    ((_, sentence),) = done.problems
    assert named in sentence


@pytest.mark.parametrize("name", ["due", "run-due"])
def test_a_bad_unit_in_the_settings_is_named(embedded: Command, name: str) -> None:
    done = embedded("report", name, MOCGIOI_REPORT_UNITS="lang-son,ha-noi")
    assert (done.code, done.out) == (2, "")
    ((code, sentence),) = done.problems
    assert (code, sentence.split(":")[0]) == ("settings", "MOCGIOI_REPORT_UNITS")
    assert "'ha-noi'" in sentence


def test_a_database_that_is_away_is_exit_3(embedded: Command) -> None:
    done = embedded("report", "run-due", MOCGIOI_DATABASE_URL="postgresql://post@127.0.0.1:1/record")
    assert (done.code, done.out) == (3, "")
    assert [code for code, _ in done.problems] == ["database_unavailable"]


def test_a_run_while_another_does_not_end_is_one_line_and_exit_1(engine: Engine) -> None:
    with one_at_a_time(engine), pytest.raises(AlreadyRunning) as refused, one_at_a_time(engine, patience_s=0.1):
        pass
    assert _answer_to(refused.value) == ("running", "một lần chạy khác chưa xong sau 0.1 giây · another run has not ended within 0.1 s", 1)


def test_daily_runs_at_once_stays_and_leaves_on_sigterm(command: Command, engine: Engine) -> None:
    record(engine, builders.reported())
    process = command.start("report", "run-due", "--daily", "02:00", "--since", "2026-01-01", "--unit", "lang-son")
    try:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), True)
        assert "Đến hạn ngày" in process.stdout.readline().decode()
        assert process.poll() is None, "it waits for the next night"
        assert one(engine, "SELECT count(*) FROM report_run") == 1
        assert (folder(command) / "lang-son-2026-01.docx").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
        process.stdout.close()
        process.stderr.close()  # type: ignore[union-attr]


def test_a_database_that_is_away_ends_no_daily_round(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    away = Settings(home=command.home, database_url="postgresql://post@127.0.0.1:1/record")
    waits_s = _round(away, ("all",), since=None, regime=Regime.ND09, as_json=False)
    assert waits_s == 60
    assert capsys.readouterr().err.startswith("problem: database_unavailable: ")


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-01-20T01:00", 1), ("2026-01-20T02:00", 24), ("2026-01-20T02:00:01", 24 - 1 / 3600), ("2026-12-31T23:00", 3)],
)
def test_the_next_run_is_at_that_time_of_vietnam(now: str, hours: float) -> None:
    at = datetime(1900, 1, 1, 2, 0, tzinfo=HANOI)
    moment = datetime.fromisoformat(now).replace(tzinfo=HANOI)
    assert seconds_until(at, moment) == pytest.approx(hours * 3600)
