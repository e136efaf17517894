"""An office issues a report by its letter, accepts what matters with a reason, and the report goes through the levels, over PostgreSQL."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from agreement.periods import Period, Regime
from reports.acts import NotIssued, every_act
from reports.acts import act as act_on
from reports.baselines.store import load
from reports.build import build
from reports.issued import document, every
from reports.issuing import NotAccepted, NotReleasable, issue
from reports.letter import BadLetter, Letterhead, letter, letterhead_of
from reports.levels import NotAllowed, Officer, Side, State, Verb, state_of
from reports.model import Accepted, Letter, Report
from reports.units import unit_named
from sinks.postgres.clock import as_of_now
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.commands import Command
from tests.support.issuing import OFFICE, REASON, act, issued, issued_as_built
from tests.support.rows import one, rows
from tests.support.terminal import answered

LANG_SON = unit_named("lang-son")
YEAR, NEXT_YEAR = (Period.parse(year, Regime.ND09) for year in ("2019", "2020"))
WHICH = ("--unit", "lang-son", "--period", "2019")
OWN = Officer("can-bo-a", OFFICE, Side.OWN)
ABOVE, SECOND = (Officer(login, "uy-ban-bien-gioi", Side.ABOVE) for login in ("ubbg-x", "ubbg-y"))


def breach(at: str = "2019-03-01T10:00:00+07:00") -> dict[str, Any]:
    return builders.reported(builders.incident(occurred={"start": at, "precision": "minute"}), time="2026-01-01T00:00:00+07:00")


def passed(start: str, source: str) -> dict[str, Any]:
    interval = {"start": f"2019-06-01T{start}:00:00+07:00", "end": "2019-06-01T12:00:00+07:00"}
    return builders.crossing(interval=interval, counts=[{"what": "persons", "n": 140}]) | {"source": source}


def built(engine: Engine, period: Period = YEAR) -> Report:
    return build(engine, LANG_SON, period, as_of_now(engine))


def a_letter(number: str = "215", period: Period = YEAR) -> Letter:
    day = period.end.date()
    return letter(letterhead_of(OFFICE, Letterhead()), number, day, closed_on=period.start.date(), today=day)


def locked(engine: Engine) -> None:
    issued(engine, LANG_SON, YEAR)
    for verb, officer in ((Verb.SUBMIT, OWN), (Verb.APPROVE, ABOVE), (Verb.LOCK, ABOVE)):
        act_on(engine, LANG_SON, YEAR, verb, officer, None)


@pytest.fixture
def officers(engine: Engine) -> None:
    """Users of the province's office and of the national one, a viewer and somebody disabled."""
    users = [
        ("can-bo-a", "duty", "lang-son", OFFICE),
        ("nguoi-xem", "viewer", "lang-son", OFFICE),
        ("can-bo-cb", "duty", "cao-bang", "so-ngoai-vu-cao-bang"),
        ("ubbg-x", "duty", None, "uy-ban-bien-gioi"),
        ("ubbg-y", "admin", None, "uy-ban-bien-gioi"),
        ("da-nghi", "duty", "lang-son", OFFICE),
    ]
    add = text(
        "INSERT INTO duty_user (login, role, province, office, password_hash, created_at, failures) VALUES (:login, :role, :province, :office, '-', now(), 0)"
    )
    with engine.begin() as connection:
        connection.execute(add, [dict(zip(("login", "role", "province", "office"), user, strict=True)) for user in users])
        connection.execute(text("UPDATE duty_user SET disabled_at = now() WHERE login = 'da-nghi'"))


def nothing_told(engine: Engine, database: Database, log: Log) -> None:
    """An empty record."""


def baseline_differs(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach("2018-03-01T10:00:00+07:00")]))
    load(engine, b"unit,period,figure,value,source\nlang-son,2018,breach.total,4,S1\n")


def overlapping_intervals(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), passed("10", "/posts/tan-thanh/d1"), passed("11", "/posts/huu-nghi/d1")]))


@pytest.mark.parametrize("warning", [nothing_told, baseline_differs, overlapping_intervals], ids=lambda warning: warning.__name__)
def test_a_warning_that_matters_stops_the_report_until_it_is_accepted_with_a_reason(
    engine: Engine, database: Database, log: Log, warning: Callable[[Engine, Database, Log], None]
) -> None:
    warning(engine, database, log)
    report = built(engine)
    with pytest.raises(NotAccepted) as stopped:
        issue(engine, report, by=OFFICE, letter=a_letter())
    assert {check.code for check in stopped.value.checks} == {warning.__name__}
    with engine.connect() as connection:
        assert every(connection) == []
    others = Accepted(code="coarse_date", reason="không có điểm này")
    out = issue(engine, report, by=OFFICE, letter=a_letter(), accepted=[Accepted(code=warning.__name__, reason=REASON), others])
    assert out.report.accepted == (Accepted(code=warning.__name__, reason=REASON),)
    with engine.connect() as connection:
        printed = (document(connection, LANG_SON, YEAR, "md") or b"").decode()
    assert f"Chấp nhận khi phát hành: {REASON}" in printed.rpartition("Kết quả tự kiểm tra số liệu")[2]


def test_a_returned_report_is_issued_again_with_another_letter_though_no_figure_moved(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    issued(engine, LANG_SON, YEAR)
    act_on(engine, LANG_SON, YEAR, Verb.SUBMIT, OWN, None)
    assert not issued(engine, LANG_SON, YEAR).new
    act_on(engine, LANG_SON, YEAR, Verb.RETURN, ABOVE, "người ký chưa đúng thẩm quyền")
    again = issued(engine, LANG_SON, YEAR)
    assert (again.new, again.report.version, again.report.moved) == (True, 2, ())


def test_an_office_uses_a_number_once_a_year(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach(), breach("2020-03-01T10:00:00+07:00")]))
    accepted = [Accepted(code=code, reason=REASON) for code in ("nothing_told", "baseline_differs")]
    issue(engine, built(engine), by=OFFICE, letter=a_letter(), accepted=accepted)
    database.record(log.batch([breach("2019-05-01T10:00:00+07:00")]))
    with pytest.raises(BadLetter, match=r"215/BC-SNgV năm 2019 đã dùng cho báo cáo lang-son 2019, bản 1"):
        issue(engine, built(engine), by=OFFICE, letter=a_letter(), accepted=accepted)
    assert issue(engine, built(engine), by=OFFICE, letter=a_letter("216"), accepted=accepted).report.version == 2
    of_the_next_year = issue(engine, built(engine, NEXT_YEAR), by=OFFICE, letter=a_letter("215", NEXT_YEAR), accepted=accepted)
    assert of_the_next_year.report.letter == a_letter("215", NEXT_YEAR)


def test_two_reports_issued_at_once_never_get_one_number(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    months = [Period.parse(month, Regime.ND09) for month in ("2019-03", "2019-04", "2019-05")]
    reports, start = [built(engine, month) for month in months], threading.Barrier(3)

    def once(report: Report) -> str:
        start.wait()
        try:
            accepted = [Accepted(code="nothing_told", reason=REASON)]
            return str(issue(engine, report, by=OFFICE, letter=a_letter("7", months[2]), accepted=accepted).report.version)
        except BadLetter as refused:
            return refused.problems[0][0]

    with ThreadPoolExecutor(3) as offices:
        assert sorted(offices.map(once, reports)) == ["1", "number", "number"]


def test_a_locked_report_has_no_next_version_until_two_persons_unlocked_it(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    locked(engine)
    assert not issued(engine, LANG_SON, YEAR).new, "nothing moved: the locked version stands"
    database.record(log.batch([breach("2019-05-01T10:00:00+07:00")]))
    for reason, officer in (("tin đến muộn", OWN), (None, ABOVE)):
        with pytest.raises(NotReleasable, match="đã khóa"):
            issued(engine, LANG_SON, YEAR)
        act_on(engine, LANG_SON, YEAR, Verb.UNLOCK, officer, reason)
    assert issued(engine, LANG_SON, YEAR).report.version == 2
    with engine.connect() as connection:
        ((version, done),) = every_act(connection).items()
    assert (version, state_of(done)) == (("lang-son", "nd09", "2019", 1), State.APPROVED)
    assert [(each.by, each.reason) for each in done][-2:] == [("can-bo-a", "tin đến muộn"), ("ubbg-x", None)]


def test_of_several_who_act_at_once_one_does_it(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    with pytest.raises(NotIssued):
        act_on(engine, LANG_SON, YEAR, Verb.SUBMIT, OWN, None)
    locked(engine)
    act_on(engine, LANG_SON, YEAR, Verb.UNLOCK, OWN, REASON)
    start = threading.Barrier(4)

    def once(officer: Officer) -> str:
        start.wait()
        try:
            return act_on(engine, LANG_SON, YEAR, Verb.UNLOCK, officer, None).act
        except NotAllowed as refused:
            return refused.code

    with ThreadPoolExecutor(4) as persons:
        assert sorted(persons.map(once, (ABOVE, SECOND) * 2)) == ["state", "state", "state", "unlocked"]


def test_what_officers_did_cannot_be_changed(engine: Engine, database: Database, log: Log) -> None:
    database.record(log.batch([breach()]))
    locked(engine)
    for statement in ("UPDATE report_act SET by = 'ai-do'", "DELETE FROM report_act", "TRUNCATE report_act"):
        with pytest.raises(DBAPIError, match="what was said stands"), engine.begin() as connection:
            connection.execute(text(statement))


def test_a_report_that_was_issued_before_letters_reads_back_and_is_followed_by_one_with_a_letter(
    engine: Engine, database: Database, log: Log
) -> None:
    database.record(log.batch([breach()]))
    report = built(engine).model_copy(update={"version": 1, "issued_by": OFFICE})
    old = json.dumps(report.model_dump(mode="json", exclude={"letter", "accepted"}))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at)"
                " VALUES ('lang-son', 'nd09', '2019', 1, :as_of, :by, :sha256, CAST(:report AS json), now())"
            ),
            {"as_of": report.as_of, "by": OFFICE, "sha256": report.data_sha256, "report": old},
        )
    assert issued_as_built(engine, report).report == report
    database.record(log.batch([breach("2019-05-01T10:00:00+07:00")]))
    assert issued(engine, LANG_SON, YEAR).report.version == 2
    with engine.connect() as connection:
        assert [each.letter is None for each in every(connection)] == [False, True]


@pytest.fixture
def reported(command: Command, tmp_path: Path) -> Command:
    events = tmp_path / "events.jsonl"
    events.write_bytes(builders.payload(breach()) + b"\n")
    assert command("ingest", str(events)).code == 0
    return command


@pytest.mark.usefixtures("officers")
def test_a_report_goes_up_comes_back_is_approved_locked_and_unlocked(reported: Command, engine: Engine) -> None:
    command = reported
    assert command("report", "issue", *WHICH, *act(215)).code == 0
    steps = [
        ("approve", "ubbg-x", None, "state"),
        ("submit", "can-bo-a", None, "submitted"),
        ("return", "ubbg-x", None, "reason"),
        ("return", "ubbg-x", "thiếu số liệu tháng 5", "returned"),
        ("submit", "can-bo-a", None, "submitted"),
        ("approve", "can-bo-a", None, "out_of_scope"),
        ("approve", "can-bo-cb", None, "out_of_scope"),
        ("approve", "nguoi-xem", None, "out_of_scope"),
        ("approve", "da-nghi", None, "not_found"),
        ("approve", "ubbg-x", None, "approved"),
        ("lock", "ubbg-x", None, "locked"),
        ("unlock", "ubbg-x", "tin đến muộn", "unlock_requested"),
        ("unlock", "ubbg-x", None, "second_person"),
        ("unlock", "ubbg-y", None, "approved"),
    ]
    for verb, login, reason, expected in steps:
        done = command("report", verb, *WHICH, "--by", login, *(("--reason", reason) if reason else ()), "--json")
        if done.code == 0:
            assert (done.document["state"], done.document["version"], done.document["by"]) == (expected, 1, login)
        else:
            assert (done.code, [code for code, _ in done.problems]) == (1, [expected]), done.err
    refused = rows(engine, "SELECT actor, action, object, detail FROM audit ORDER BY number")
    assert [row.action for row in refused] == [
        step[3] for step in steps if step[3] in ("state", "reason", "out_of_scope", "not_found", "second_person")
    ]
    assert refused[0] == ("ubbg-x", "state", "lang-son/nd09/2019", "report.approve")
    (row,) = command("report", "issued", "--json").document
    assert (row["state"], row["letter"], [each["act"] for each in row["acts"]][-1]) == ("approved", "215/BC-SNgV", "unlocked")
    assert command("report", "lock", *WHICH, "--by", "ubbg-x", "--reason", "hết kỳ sửa đổi").code == 0
    assert "đã khóa: hết kỳ sửa đổi" in command("report", "issued").out


def test_a_script_says_yes_and_everything_else_or_is_told_what_is_missing(reported: Command, engine: Engine) -> None:
    command = reported
    unasked = command("report", "issue", *WHICH, "--by", OFFICE, "--number", "215")
    assert (unasked.code, "--yes" in unasked.err, "Việc còn mở" in unasked.out) == (2, True, True)
    bad = command(
        "report", "issue", *WHICH, "--by", OFFICE, "--yes", "--json", "--signer", "KT. GIÁM ĐỐC", "--date", "2019-12-14", "--to", " "
    )
    assert (bad.code, [code for code, _ in bad.problems]) == (1, ["dated", "recipients", "signer"]), bad.err
    for wrong in ("sequence_gap=đã xem", "nothing_told", "nothing_told= "):
        done = command("report", "issue", *WHICH, *act(215), "--accept", wrong)
        assert (done.code, "--accept" in done.err) == (2, True), done.err
    elsewhere = ("--unit", "cao-bang", "--period", "2019", "--by", "so-ngoai-vu-cao-bang", "--number", "3", "--yes")
    silent = command("report", "issue", *elsewhere)
    assert (silent.code, [code for code, _ in silent.problems]) == (1, ["nothing_told"])
    assert "--accept nothing_told=" in silent.err
    assert one(engine, "SELECT count(*) FROM issued_report") == 0
    settings = {
        "MOCGIOI_OFFICE": "bo-chi-huy-bdbp-lang-son",
        "MOCGIOI_OFFICE_NAME": "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Lạng Sơn",
        "MOCGIOI_OFFICE_SUPERIOR": "Bộ Tư lệnh Bộ đội Biên phòng",
        "MOCGIOI_OFFICE_SYMBOL": "BC-BCH",
        "MOCGIOI_OFFICE_PLACE": "Lạng Sơn",
        "MOCGIOI_OFFICE_RECIPIENTS": "Bộ Tư lệnh BĐBP (báo cáo); Sở Ngoại vụ, UBND tỉnh",
        "MOCGIOI_OFFICE_SIGNER": "KT. CHỈ HUY TRƯỞNG / PHÓ CHỈ HUY TRƯỞNG",
    }
    dispatch = "Công văn số 4388/BTL-TM ngày 29/11/2019 của Bộ Tư lệnh BĐBP"
    given = ("--number", "7", "--date", "2019-12-15", "--answers", dispatch, "--yes", "--json")
    answer = command("report", "issue", *WHICH, *given, **settings).document
    assert (answer["new"], answer["letter"]["number"], answer["letter"]["signer"]) == (
        True,
        "07/BC-BCH",
        ["KT. CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG"],
    )
    shown = command("report", "show", *WHICH).out
    assert "Số: 07/BC-BCH" in shown
    assert "*Lạng Sơn, ngày 15 tháng 12 năm 2019*" in shown
    assert f"và {dispatch}, Bộ Chỉ huy Bộ đội Biên phòng tỉnh Lạng Sơn báo cáo" in shown
    assert "- Bộ Tư lệnh BĐBP (báo cáo);\n- Sở Ngoại vụ, UBND tỉnh;\n- Lưu: VT." in shown
    again = command("report", "issue", *WHICH, *act(300))
    assert (again.code, "số 07/BC-BCH" in again.out, "số 300 không dùng" in again.out) == (0, True, True)


def test_a_person_is_asked_for_what_is_missing_and_whether_to_issue(reported: Command, engine: Engine) -> None:
    refused = answered(reported, ("report", "issue", *WHICH, "--by", OFFICE), ["hai trăm", "215", ""])
    assert refused.code == 1
    unnumbered = answered(reported, ("report", "issue", *WHICH, "--by", OFFICE), ["", "không"])
    assert (unnumbered.code, "số /BC-SNgV, Lạng Sơn, ngày" in unnumbered.screen) == (1, True)
    assert "như 215 hoặc 215/BC-SNgV" in refused.screen
    assert "số 215/BC-SNgV, Lạng Sơn, ngày" in refused.screen
    assert one(engine, "SELECT count(*) FROM issued_report") == 0
    silent = ("report", "issue", "--unit", "cao-bang", "--period", "2019", "--by", "so-ngoai-vu-cao-bang", "--number", "3")
    done = answered(reported, silent, ["đã hỏi từng đồn", "có"])
    assert (done.code, "Đã phát hành" in done.screen) == (0, True)
    kept = one(engine, "SELECT report #>> '{accepted,0,reason}' FROM issued_report WHERE unit = 'cao-bang'")
    assert kept == "đã hỏi từng đồn"
