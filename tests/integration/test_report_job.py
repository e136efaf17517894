"""The periodic job over a real record: builds what is due, again harmlessly, and tells what is wrong."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from agreement.periods import Period, Regime
from reports.build import build
from reports.documents import FORMATS
from reports.model import Check, Report, Severity, canonical
from reports.schedule.agenda import Entry, State, agenda, began, of_interest
from reports.schedule.job import Job, JobRun, Result
from reports.units import Unit
from sinks.record.database import Database
from sinks.record.report_runs import AlreadyRunning, last_runs, newest_built, one_at_a_time
from tests import builders
from tests.support.classified_batches import Log
from tests.support.rows import one, rows

SINCE = date(2026, 1, 1)
JANUARY = date(2026, 1, 20)
"""One report is due: the month of 15/12 to 14/1, in which builders' events are."""
MARCH = date(2026, 3, 20)
"""Three months and a quarter."""


def draft(report: Report, form: str) -> bytes:
    """What the real documents cost the most of a second to draw: here only that each has its own bytes."""
    return canonical(report) if form == "json" else f"{form} {report.data_sha256}".encode()


@pytest.fixture
def job(engine: Engine, tmp_path: Path) -> Job:
    return Job(engine, tmp_path / "reports", partial(build, engine), draft)


@pytest.fixture
def log(engine: Engine) -> Log:
    return Log(Database(engine))


def record(engine: Engine, log: Log, *events: dict[str, Any]) -> None:
    Database(engine).record(log.batch(events))


def run(job: Job, *units: str, on: date = JANUARY, since: date | None = SINCE) -> JobRun:
    return job.run(units or ("lang-son",), on=on, since=since)


def done(run: JobRun) -> list[tuple[str, str, str]]:
    return [(due.entry.unit, due.entry.due.period.id, due.result.value) for due in run.reports]


def the_draft(job: Job, unit: str = "lang-son", period: str = "2026-01") -> Report:
    return Report.model_validate_json((job.folder / unit / "nd09" / period / f"{unit}-{period}.json").read_bytes())


def issue(engine: Engine, report: Report) -> None:
    """The report as issued, version 1."""
    query = """
    INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at)
    VALUES (:unit, :regime, :period, 1, :as_of, 'so-ngoai-vu-lang-son', :sha, :report, now())
    """
    said = {"unit": report.unit, "regime": report.regime.value, "period": report.period, "as_of": report.as_of}
    with engine.begin() as connection:
        connection.execute(text(query), said | {"sha": report.data_sha256, "report": canonical(report).decode()})


class Failing:
    """The real build, with a mishap for one period."""

    def __init__(self, engine: Engine, period: str, mishap: Exception | Check) -> None:
        self._engine, self._period, self._mishap = engine, period, mishap

    def __call__(self, unit: Unit, period: Period, as_of: datetime, *, audited: bool) -> Report:
        report = build(self._engine, unit, period, as_of, audited=audited)
        if period.id != self._period:
            return report
        if isinstance(self._mishap, Exception):
            raise self._mishap
        return report.model_copy(update={"checks": (*report.checks, self._mishap)})


def test_what_is_due_is_built_in_every_format_and_remembered(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    made = run(job)
    assert done(made) == [("lang-son", "2026-01", "built")]
    assert (made.built, made.problems) == (1, ())
    folder = job.folder / "lang-son" / "nd09" / "2026-01"
    assert {path.name for path in folder.iterdir()} == {*(f"lang-son-2026-01.{form}" for form in FORMATS), "SHA256SUMS"}
    report = the_draft(job)
    assert (report.value("breach.total"), report.as_of) == (1, made.as_of)
    ((as_of, sha, errors),) = rows(engine, "SELECT as_of, data_sha256, errors FROM report_built")
    assert (as_of, sha, errors) == (report.as_of, report.data_sha256, 0)
    ((ok, built, reason, whole),) = rows(engine, "SELECT ok, built, reason, started_at <= ended_at FROM report_run")
    assert (ok, built, reason, whole) == (True, 1, None, True)


def test_again_builds_nothing_and_touches_no_file(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in job.folder.rglob("*")}
    again = run(job)
    assert done(again) == [("lang-son", "2026-01", "unchanged")]
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in job.folder.rglob("*")} == before
    assert one(engine, "SELECT count(*) FROM report_built") == 1
    assert one(engine, "SELECT count(*) FROM report_run") == 2


def test_events_elsewhere_or_of_other_days_leave_a_draft_as_it_is(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    later = builders.incident(occurred={"start": "2025-12-14T12:00:00+07:00", "precision": "hour"})
    record(engine, log, builders.reported(later), builders.reported(builders.incident(place={"scheme": "area", "province": "cao-bang"})))
    assert done(run(job)) == [("lang-son", "2026-01", "unchanged")]


def test_a_late_event_refreshes_the_draft(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    record(engine, log, builders.reported())
    assert done(run(job)) == [("lang-son", "2026-01", "refreshed")]
    assert the_draft(job).value("breach.total") == 2
    assert one(engine, "SELECT count(*) FROM report_built") == 2


def test_a_late_event_of_the_year_before_refreshes_what_is_compared_with_it(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    year_ago = {"start": "2024-12-28T12:00:00+07:00", "precision": "hour"}
    record(engine, log, builders.reported(builders.incident(occurred=year_ago)))
    assert done(run(job)) == [("lang-son", "2026-01", "refreshed")]
    compared = the_draft(job).before("breach.total")
    assert compared is not None
    assert compared.before == 1


def test_a_draft_that_a_person_changed_is_kept_beside_the_new_one(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    edited = job.folder / "lang-son" / "nd09" / "2026-01" / "lang-son-2026-01.docx"
    edited.write_text("mine")
    assert done(run(job)) == [("lang-son", "2026-01", "unchanged")]
    assert edited.read_text() == "mine"
    record(engine, log, builders.reported())
    (made,) = run(job).reports
    assert made.kept is not None
    assert (made.kept / edited.name).read_text() == "mine"
    assert edited.read_text() != "mine"


def test_a_draft_that_is_gone_is_built_again(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    (job.folder / "lang-son" / "nd09" / "2026-01" / "lang-son-2026-01.xlsx").unlink()
    assert done(run(job)) == [("lang-son", "2026-01", "refreshed")]
    assert (job.folder / "lang-son" / "nd09" / "2026-01" / "lang-son-2026-01.xlsx").exists()


def test_missed_periods_are_caught_up_for_every_unit_the_oldest_first(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    made = run(job, "lang-son", "all", on=MARCH)
    assert done(made) == [(unit, period, "built") for period in ("2026-01", "2026-02", "2026-03", "2026Q1") for unit in ("lang-son", "all")]
    assert {report.as_of for report in (the_draft(job, "all", "2026-03"), the_draft(job, "all", "2026Q1"))} == {made.as_of}
    assert the_draft(job, "all", "2026Q1").value("breach.total") == 1


def test_an_issued_report_is_left_alone_and_a_change_since_is_told(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    run(job)
    issue(engine, the_draft(job))
    before = {path: path.read_bytes() for path in job.folder.rglob("*") if path.is_file()}
    assert done(run(job)) == [("lang-son", "2026-01", "issued")]
    record(engine, log, builders.reported())
    outdated = run(job)
    assert done(outdated) == [("lang-son", "2026-01", "outdated")]
    assert outdated.problems == ()
    assert {path: path.read_bytes() for path in job.folder.rglob("*") if path.is_file()} == before


def test_a_report_that_fails_keeps_no_other_back_and_fails_the_run(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    failing = replace(job, build=Failing(engine, "2026-02", ZeroDivisionError("một\nhai")))
    with capture_logs() as told:
        made = run(failing, on=MARCH)
    assert [(line["event"], line["period"], line["exc_info"]) for line in told] == [("report_failed", "2026-02", True)]
    assert [what for _, _, what in done(made)] == ["built", "failed", "built", "built"]
    assert made.problems == ("lang-son 2026-02: không lập được · could not be built: ZeroDivisionError: một hai",)
    assert rows(engine, "SELECT ok, built, reason FROM report_run") == [(False, 3, made.problems[0])]
    assert done(run(job, on=MARCH))[1] == ("lang-son", "2026-02", "built")


def test_a_disk_that_refuses_is_told_of_each_report(job: Job, engine: Engine, log: Log, tmp_path: Path) -> None:
    record(engine, log, builders.reported())
    (tmp_path / "file").write_text("")
    made = run(replace(job, folder=tmp_path / "file" / "reports"), on=MARCH)
    assert [due.result for due in made.reports] == [Result.FAILED] * 4
    assert all("không ghi được · could not be written: NotADirectoryError" in problem for problem in made.problems)
    assert one(engine, "SELECT count(*) FROM report_built") == 0


def test_a_check_that_fails_fails_the_run_every_time_until_it_holds(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    wrong = Check(code="parts_and_whole", severity=Severity.ERROR, message="524 + 162 + 45 = 731 ≠ 583")
    failing = replace(job, build=Failing(engine, "2026-01", wrong))
    for state in ("built", "unchanged"):
        made = run(failing)
        assert done(made) == [("lang-son", "2026-01", state)]
        assert made.problems == ("lang-son 2026-01: 524 + 162 + 45 = 731 ≠ 583",)
    assert rows(engine, "SELECT errors FROM report_built") == [(1,)]
    assert rows(engine, "SELECT ok, built FROM report_run ORDER BY number") == [(False, 1), (False, 0)]
    doubtful = replace(job, build=Failing(engine, "2026-01", wrong.model_copy(update={"severity": Severity.REVIEW})))
    assert run(doubtful).problems == (), "what a person has to decide is no failure"


def test_the_record_says_from_when_on_reports_are_due(job: Job, engine: Engine, log: Log) -> None:
    assert began(engine) is None
    assert run(job, since=None).reports == ()
    assert last_runs(engine) is not None, "a run that had nothing to do ran"
    record(engine, log, builders.reported())
    first = began(engine)
    assert first is not None
    assert run(job, since=None, on=first).reports == ()
    assert run(job, since=None, on=first + timedelta(days=31)).reports[0].entry.due.cut_off >= first


def test_a_merged_province_reports_until_its_end_and_its_successor_after(job: Job) -> None:
    made = run(job, "ha-giang", "tuyen-quang", on=date(2025, 8, 20), since=date(2025, 6, 20))
    assert done(made) == [
        ("ha-giang", "2025-07", "built"),  # 15/6 to 14/7: it was there until 30/6
        ("tuyen-quang", "2025-07", "built"),
        ("tuyen-quang", "2025-08", "built"),
    ]


def test_a_second_run_waits_for_the_first_and_finds_its_work_done(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    made: list[JobRun] = []
    threads = [threading.Thread(target=lambda: made.append(run(job, on=MARCH))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(run.built for run in made) == [0, 0, 4]
    assert one(engine, "SELECT count(*) FROM report_built") == 4


def test_a_run_that_does_not_end_refuses_the_next_and_a_dead_one_does_not(engine: Engine) -> None:
    with one_at_a_time(engine), pytest.raises(AlreadyRunning), one_at_a_time(engine, patience_s=0.1):
        pass
    with one_at_a_time(engine, patience_s=0.1):
        assert one(engine, "SHOW lock_timeout") == "0"
    assert one(engine, "SHOW lock_timeout") == "0", "whoever gets the connection next waits as long as ever"


def test_how_the_job_fared_is_known(job: Job, engine: Engine) -> None:
    assert last_runs(engine) is None
    run(job)
    first = last_runs(engine)
    assert first is not None
    assert (first.ok, first.reason, first.succeeded) == (True, None, first.last)
    failing = replace(job, build=Failing(engine, "2026-02", ValueError("no")))
    with capture_logs():
        run(failing, on=MARCH)
    second = last_runs(engine)
    assert second is not None
    assert second.last > first.last
    assert (second.ok, second.succeeded) == (False, first.last)
    assert "2026-02" in (second.reason or "")


def entries(engine: Engine, on: date, units: Iterable[str] = ("lang-son",)) -> dict[str, Entry]:
    return {entry.due.period.id: entry for entry in agenda(engine, units, on=on, since=SINCE)}


def test_the_agenda_says_how_far_each_report_is(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    states = {period: entry.state for period, entry in entries(engine, MARCH).items()}
    assert states == {
        "2026-01": State.LATE,
        "2026-02": State.LATE,
        "2026-03": State.DUE,
        "2026Q1": State.DUE,
        "2026-04": State.UPCOMING,
        "2026Q2": State.UPCOMING,
        "2026H1": State.UPCOMING,
        "2026": State.UPCOMING,
    }
    run(job, on=MARCH)
    issue(engine, the_draft(job))
    known = entries(engine, MARCH)
    assert {known[period].state for period in ("2026-02", "2026-03", "2026Q1")} == {State.BUILT}
    assert (known["2026-02"].days_late, known["2026-02"].working_days_late) == (23, 17)
    assert (known["2026-01"].state, known["2026-01"].days_late) == (State.ISSUED, 0)
    assert newest_built(engine).keys() == {("lang-son", "nd09", period) for period in ("2026-01", "2026-02", "2026-03", "2026Q1")}


def test_what_was_issued_long_ago_is_of_interest_no_more(job: Job, engine: Engine) -> None:
    run(job)
    issue(engine, the_draft(job))
    assert of_interest(entries(engine, MARCH)["2026-01"])
    assert not of_interest(entries(engine, date(2026, 6, 1))["2026-01"])
    assert of_interest(entries(engine, date(2028, 6, 1))["2026-02"]), "what was never issued is never forgotten"


def test_reports_of_calendar_months_are_their_own(job: Job, engine: Engine, log: Log) -> None:
    record(engine, log, builders.reported())
    made = job.run(["lang-son"], on=date(2026, 1, 5), since=date(2025, 12, 1), regime=Regime.CALENDAR)
    assert [period for _, period, _ in done(made)] == ["2025-12", "2025Q4", "2025H2", "2025"]
    assert (job.folder / "lang-son" / "calendar" / "2025-12" / "lang-son-2025-12.md").exists()
    assert the_agenda_of_nd09_is_untouched(engine)


def the_agenda_of_nd09_is_untouched(engine: Engine) -> bool:
    return all(entry.built is None for entry in entries(engine, JANUARY).values())
