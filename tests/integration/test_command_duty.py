"""`mocgioi duty`, and what `mocgioi incidents` says of it: what needs a person, who took note of it, who has it, and what is due."""

import json
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from border.provinces import Province
from border.vietnam import HANOI
from duty import users
from duty.users import Role
from sinks.record.database import Database
from tests.builders import incident, reported, retracted, updated
from tests.integration.test_command_incidents import KEYS, ingest
from tests.support.classified_batches import Log
from tests.support.commands import Command
from tests.support.rows import one, rows
from tests.support.workers import fleet

IN_CAO_BANG = {"scheme": "area", "area": "xã Trà Lĩnh", "province": "cao-bang"}


@pytest.fixture
def officers(worker: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """an and chi of Lạng Sơn, binh of the whole line, xem who may only look, cu who is disabled; nobody logs in here."""
    monkeypatch.setattr(users, "_hashed", lambda _: "no hash")
    lang_son = Province.LANG_SON
    for login, role, province in (("an", Role.DUTY, lang_son), ("binh", Role.ADMIN, None), ("chi", Role.DUTY, lang_son)):
        users.add(worker, login, role, "", province=province)
    users.add(worker, "xem", Role.VIEWER, "", province=lang_son)
    users.add(worker, "cu", Role.DUTY, "", province=lang_son)
    users.disable(worker, "cu")


def shooting(**changes: Any) -> dict[str, Any]:
    return reported(incident(kind="shooting", facts={}, **changes))


def at(hour: int) -> dict[str, Any]:
    return {"start": f"2025-12-28T{hour:02}:00:00+07:00", "precision": "hour"}


def listed(command: Command, *options: str) -> list[str]:
    return [row["incident"] for row in command("duty", "list", *options, "--json").document]


@pytest.mark.usefixtures("officers")
def test_what_needs_a_person_stands_in_the_order_in_which_it_does(command: Command, tmp_path: Path) -> None:
    breach, asked = reported(incident(occurred=at(5))), reported(incident(kind="gun_hunting", facts={}, occurred=at(6)))
    early, late = shooting(occurred=at(1)), shooting(occurred=at(2), place=IN_CAO_BANG)
    withdrawn, drill, letter = shooting(), shooting(status="exercise"), reported(incident(kind="letter", facts={}))
    ingest(command, tmp_path, breach, asked, early, late, withdrawn, retracted(withdrawn["subject"]), drill, letter)
    assert listed(command) == [event["subject"] for event in (late, early, asked, breach)]
    assert listed(command, "--province", "cao-bang") == listed(command, "--limit", "1") == [late["subject"]]
    assert command("duty", "ack", late["subject"], "--by", "binh").code == 0
    rows = command("duty", "list", "--json").document
    assert [row["incident"] for row in rows] == [event["subject"] for event in (early, asked, breach, late)]
    assert [row["class"] for row in rows] == ["flash", "needs_facts", "breach", "flash"]
    assert list(rows[0])[: len(KEYS)] == KEYS
    assert (rows[-1]["acknowledged_by"], rows[0]["acknowledged_at"], rows[0]["assigned_to"], rows[0]["due"]) == ("binh", None, None, None)
    assert "KHẨN" in command("duty", "list").out


@pytest.mark.usefixtures("officers")
def test_an_acknowledgement_is_an_event_of_the_officers_office_and_the_second_makes_none(
    command: Command, tmp_path: Path, engine: Engine
) -> None:
    event = shooting()
    subject = event["subject"]
    ingest(command, tmp_path, event)
    first = command("duty", "ack", subject, "--by", "an", "--json")
    assert (first.code, first.document["recorded"], first.document["already"]) == (0, True, None)
    shown = command("incidents", "show", subject, "--json").document
    act = shown["events"][-1]
    assert (act["id"], act["type"]) == (first.document["event"], "vn.mocgioi.duty.acknowledged.v1")
    assert act["source"].startswith("/offices/so-ngoai-vu-lang-son/")
    assert json.loads(act["body"])["data"] == {"by": "an", "by_office": "so-ngoai-vu-lang-son", "seen_as": "flash"}
    assert (shown["acknowledged_by"], shown["acknowledged_at"]) == ("an", act["time"])
    assert len(shown["versions"]) == 1, "the fold is as it was"
    second = command("duty", "ack", subject, "--by", "binh")
    assert (second.code, second.err, "an đã nhận" in second.out) == (0, "", True)
    again = command("duty", "ack", subject, "--by", "binh", "--json").document
    assert (again["event"], again["already"]) == (None, {"by": "an", "at": act["time"]})
    assert len(command("incidents", "show", subject, "--json").document["events"]) == 2
    assert one(engine, "SELECT count(*) FROM audit") == 0


@pytest.mark.usefixtures("officers")
def test_what_turned_out_worse_is_acknowledged_again(command: Command, tmp_path: Path, engine: Engine) -> None:
    event = reported(incident(kind="marker_damage", facts={}))
    subject = event["subject"]
    ingest(command, tmp_path, event)
    assert command("duty", "ack", subject, "--by", "an").code == 0
    ingest(command, tmp_path, updated(subject, {"facts": {"state": "destroyed"}}))
    (row,) = command("duty", "list", "--json").document
    assert (row["class"], row["acknowledged_by"]) == ("flash", None)
    assert command("duty", "ack", subject, "--by", "binh", "--json").document["already"] is None
    (row,) = command("duty", "list", "--json").document
    assert (row["class"], row["acknowledged_by"]) == ("flash", "binh")
    seen = "SELECT body #>> '{data,seen_as}' FROM event WHERE type LIKE '%acknowledged%' ORDER BY time"
    assert [value for (value,) in rows(engine, seen)] == ["needs_facts", "flash"]


@pytest.mark.usefixtures("officers")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ack", "OURS", "--by", "xem"], "out_of_scope"),
        (["ack", "OURS", "--by", "cu"], "not_found"),
        (["ack", "OURS", "--by", "khongai"], "not_found"),
        (["ack", "THEIRS", "--by", "an"], "out_of_scope"),
        (["ack", "inc-nobody", "--by", "an"], "not_found"),
        (["ack", "WITHDRAWN", "--by", "an"], "closed"),
        (["note", "WITHDRAWN", "đã gọi", "--by", "an"], "closed"),
        (["note", "OURS", "Tài liệu MẬT", "--by", "an"], "secret"),
        (["note", "OURS", "  ", "--by", "an"], "value"),
        (["assign", "OURS", "--to", "khongai", "--by", "an"], "not_found"),
        (["assign", "OURS", "--to", "xem", "--by", "an"], "value"),
        (["assign", "THEIRS", "--to", "an", "--by", "binh"], "value"),
        (["assign", "OURS", "--to", "an", "--by", "an", "--due", "2025-12-28T12:00"], "value"),
    ],
)
def test_who_may_not_changes_nothing_and_the_audit_keeps_it(
    command: Command, tmp_path: Path, engine: Engine, arguments: list[str], code: str
) -> None:
    ours, theirs, withdrawn = shooting(), shooting(place=IN_CAO_BANG), shooting()
    ingest(command, tmp_path, ours, theirs, withdrawn, retracted(withdrawn["subject"]))
    subjects = {"OURS": ours["subject"], "THEIRS": theirs["subject"], "WITHDRAWN": withdrawn["subject"]}
    done = command("duty", *[subjects.get(word, word) for word in arguments])
    assert (done.code, done.out, [problem for problem, _ in done.problems]) == (1, "", [code])
    acts = {"ack": "duty.acknowledged", "assign": "duty.assigned", "note": "duty.noted"}
    by, subject = arguments[arguments.index("--by") + 1], subjects.get(arguments[1], arguments[1])
    assert rows(engine, "SELECT actor, action, object, detail FROM audit") == [(by, code, subject, acts[arguments[0]])]
    assert one(engine, "SELECT count(*) FROM event") == 4
    assert "MẬT" not in one(engine, "SELECT string_agg(audit::text, '') FROM audit")


@pytest.mark.usefixtures("officers")
def test_a_shift_is_handed_over_with_what_came_what_is_open_who_holds_it_and_what_is_due(
    command: Command, tmp_path: Path, engine: Engine
) -> None:
    held, unread, theirs = shooting(), reported(), shooting(place=IN_CAO_BANG)
    ingest(command, tmp_path, held, unread, theirs)
    due = (datetime.now(HANOI) + timedelta(days=2)).replace(microsecond=0, tzinfo=None)
    for arguments in (["ack", held["subject"]], ["assign", held["subject"], "--to", "an", "--due", due.isoformat()]):
        assert command("duty", *arguments, "--by", "an").code == 0
    page = command("duty", "handover", "--by", "an", "--json").document
    subjects = {name: [row["incident"] for row in page[name]] for name in ("came", "open", "held", "due")}
    ours = [held["subject"]]
    assert subjects == {"came": [unread["subject"], *ours], "open": [unread["subject"]], "held": ours, "due": ours}
    assert page["due"][0]["due"] == due.replace(tzinfo=HANOI).isoformat()
    assert command("duty", "handover", "--by", "an", "--since", datetime.now(HANOI).isoformat(), "--json").document["came"] == []

    printed = command("duty", "handover", "--by", "an", "--to", "chi").out
    for words in ("BÀN GIAO CA TRỰC, tỉnh Lạng Sơn", "an nhận lúc", "người giữ: an", f"hạn {due:%d/%m/%Y %H:%M}", "cho chi", "nổ súng"):
        assert words in printed
    assert theirs["subject"] not in printed
    (row,) = command("duty", "handover", "--by", "chi", "--json").document["held"]
    assert (row["assigned_to"], row["due"]) == ("chi", due.replace(tzinfo=HANOI).isoformat())
    assert "Đã bàn giao 0 vụ việc" in command("duty", "handover", "--by", "an", "--to", "chi").out
    late = command("duty", "handover", "--by", "an", "--since", "2100-01-01")
    assert (late.code, late.problems[0][0]) == (2, "usage")
    for options in (["--by", "khongai"], ["--by", "an", "--to", "khongai"]):
        done = command("duty", "handover", *options)
        assert (done.code, done.problems[0][0]) == (1, "not_found")
    assert rows(engine, "SELECT actor, action, object FROM audit") == [("khongai", "not_found", None)] * 2


@pytest.mark.usefixtures("officers")
def test_an_incident_shows_all_that_a_duty_officer_may_see(command: Command, tmp_path: Path, worker: Engine) -> None:
    handling = [{"action": "arrested", "by": "Đồn Tân Thanh"}]
    event = shooting(text="Nghe ba tiếng súng", measures=[{"what": "persons", "n": 2}], handling=handling)
    subject = event["subject"]
    ingest(command, tmp_path, event, updated(subject, {"facts": {"distance_m": 300}}))
    with worker.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO notification (subject, alert, receiver, status, at) VALUES (%s, 'BorderIncident', 'truc-ban', 'firing', now())",
            (subject,),
        )
    for arguments in (["ack", subject], ["note", subject, "đã gọi đồn"], ["assign", subject, "--to", "chi"]):
        assert command("duty", *arguments, "--by", "an").code == 0
    shown = command("incidents", "show", subject, "--json").document
    assert [(act["act"], act["by"], act["to"], act["note"]) for act in shown["acts"]] == [
        ("acknowledged", "an", None, None),
        ("noted", "an", None, "đã gọi đồn"),
        ("assigned", "an", "chi", None),
    ]
    assert [(row["alert"], row["receiver"], row["status"]) for row in shown["notifications"]] == [("BorderIncident", "truc-ban", "firing")]
    steps = " ".join(step["vi"] for step in shown["runbook"])
    assert f"mocgioi incidents show {subject}" in steps
    assert "tại mốc 1088/2" in steps
    assert "{" not in steps
    assert "Thiếu mục đích" in steps
    assert "Thiếu khoảng cách" not in steps, "the distance is known"
    printed = command("incidents", "show", subject).out
    for words in ("Nghe ba tiếng súng", "2 người", "bắt giữ", "300 m", "đã gọi đồn", "truc-ban", "Việc cần làm", "incident.updated"):
        assert words in printed


@pytest.mark.usefixtures("officers")
def test_the_list_of_incidents_is_chosen_from_by_post_day_and_acknowledgement(command: Command, tmp_path: Path) -> None:
    noon, midnight = shooting(occurred=at(12)), shooting(occurred={"start": "2025-12-28T00:00:00+07:00", "precision": "hour"})
    before = shooting(occurred={"start": "2025-12-27T23:00:00+07:00", "precision": "hour"})
    other = reported(incident(occurred={"start": "2025-12-20T09:00:00+07:00", "precision": "hour"}), source="/posts/tan-thanh-2/d1")
    ingest(command, tmp_path, noon, midnight, before, other)
    assert command("duty", "ack", midnight["subject"], "--by", "an").code == 0

    def chosen(*options: str) -> list[str]:
        return [row["incident"] for row in command("incidents", "list", *options, "--json").document]

    day = [noon["subject"], midnight["subject"]]
    assert chosen("--day", "2025-12-28") == day
    assert chosen("--from", "2025-12-27", "--to", "2025-12-27") == [before["subject"]]
    assert chosen("--from", "2025-12-28") == day
    assert chosen("--to", "2025-12-27") == [before["subject"], other["subject"]]
    assert chosen("--post", "tan-thanh-2") == [other["subject"]]
    assert chosen("--post", "tan-thanh") == [*day, before["subject"]]
    assert chosen("--acknowledged") == [midnight["subject"]]
    assert chosen("--unacknowledged", "--day", "2025-12-28") == [noon["subject"]]
    (row,) = command("incidents", "list", "--acknowledged", "--json").document
    assert (row["acknowledged_by"], row["acknowledged_at"] > row["occurred"]) == ("an", True)
    then = command("incidents", "list", "--as-of", datetime.now(HANOI).isoformat(), "--json").document
    assert {row["acknowledged_by"] for row in then} == {None, "an"}
    assert len(chosen("--from", "0001-01-01", "--to", "9999-12-31")) == 4
    for options in (
        ["--post", "Tân Thanh"],
        ["--day", "28/12"],
        ["--day", "2025-12-28", "--to", "2025-12-29"],
        ["--from", "2025-12-28", "--to", "2025-12-27"],
    ):
        done = command("incidents", "list", *options)
        assert (done.code, [code for code, _ in done.problems]) == (2, ["usage"])


@pytest.mark.usefixtures("officers")
def test_who_watches_sees_each_incident_as_it_comes_and_as_it_changes(command: Command, tmp_path: Path) -> None:
    before, event = shooting(), shooting()
    ingest(command, tmp_path, before)
    command.environment.pop("PYTHONUNBUFFERED", None)  # a pipe holds back what is not flushed
    watching = command.start("incidents", "watch", "--since", datetime.now(HANOI).isoformat(), "--json")
    assert watching.stdout is not None
    try:
        ingest(command, tmp_path, event)
        row = json.loads(watching.stdout.readline())
        assert list(row)[: len(KEYS)] == KEYS
        assert (row["incident"], row["acknowledged_by"]) == (event["subject"], None)
        assert command("duty", "ack", event["subject"], "--by", "an").code == 0
        row = json.loads(watching.stdout.readline())
        assert (row["incident"], row["acknowledged_by"]) == (event["subject"], "an")
    finally:
        watching.send_signal(signal.SIGINT)
        out, err = watching.communicate(timeout=60)
    assert (watching.returncode, out, err) == (0, b"", b"")


@pytest.mark.usefixtures("officers")
def test_an_act_is_published_and_waits_for_the_workers_to_record_it(
    fresh_topics: str, database_url: str, database: Database, log: Log, tmp_path: Path
) -> None:
    event = shooting()
    database.record(log.batch([event]))
    with fleet(tmp_path, fresh_topics, database_url) as workers:
        workers.start("all").wait_ready()
        done = workers.run("duty", "ack", event["subject"], "--by", "an", "--json")
        assert (done.returncode, done.stderr, json.loads(done.stdout)["recorded"]) == (0, "", True)
