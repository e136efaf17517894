"""`mocgioi post` as a post runs it: offline, at a terminal, and against a real door."""

import json
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from border.vietnam import HANOI
from posts.device import Device, save
from posts.post_spool import PostSpool
from posts.receipts import Receipt
from tests.support.commands import Command
from tests.support.door import RunningDoor, door
from tests.support.flaky_door import flaky_door
from tests.support.terminal import answered
from tests.support.workers import wait_until

DOWN = "http://127.0.0.1:9"
SENTENCE = "02h30 ngày 27/9/2026, tại mốc 753, phát hiện 09 người Trung Quốc nhập cảnh trái phép"
HOUSE = ("--kind", "xay dung cong trinh", "--occurred", "2026-09-27T02:30", "--marker", "1088/2", "--side", "trung quoc")


@pytest.fixture
def offline(tmp_path: Path) -> Command:
    """A device of Tân Thanh whose line is down."""
    save(tmp_path / "post", Device("/posts/tan-thanh/d1", DOWN, "mgk_x"))
    return Command(tmp_path / "post")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with door(tmp_path_factory.mktemp("centre")) as running:
        yield running


def status_of(post: Command) -> dict[str, Any]:
    return dict(post("post", "status", "--json").document)


def test_a_report_is_judged_and_kept_with_the_line_down(offline: Command) -> None:
    done = offline("post", "report", *HOUSE, "--fact", "distance_m=10", "--fact", "kien co=co", "--json")
    assert done.code == 0
    answer = done.document
    assert (answer["sequence"], answer["status"]) == (1, "waiting")
    assert answer["verdict"]["outcome"] == "needs_facts"
    assert {"change", "agreed"} <= set(answer["verdict"]["missing"])
    assert done.err.startswith("note: unreachable: tin đã lưu trên máy này")
    done = offline("post", "update", answer["subject"], "--fact", "agreed=chua", "--fact", "change=xay moi", "--fact", "purpose=khac",
                   "--step", "ghi nhan", "--reason", "đã xác minh", "--json")  # fmt: skip
    assert done.document["verdict"] == {"outcome": "breach", "clauses": ["21(1)"], "missing": []}
    assert offline("post", "update", answer["subject"], "--step", "protest_letter", "--reason", "đã gửi thư").code == 0
    events = [json.loads(row) for row in values(offline)]
    assert [step["action"] for step in events[2]["data"]["handling"]] == ["recorded", "protest_letter"], "a step is added"
    assert status_of(offline)["waiting"] == 3
    assert offline("post", "send", timeout_s=60).code == 3


def test_who_adds_a_step_to_what_others_spoke_of_too_is_told_that_theirs_may_be_lost(offline: Command) -> None:
    """The list of steps is replaced whole, and a device knows only its own."""
    reported = offline("post", "report", *HOUSE, "--json").document
    add_step = ("post", "update", reported["subject"], "--step", "protest_letter", "--reason", "đã gửi thư")
    with closing(PostSpool(offline.home / "post.db")) as spool:
        receipt = Receipt(sequence=1, id=reported["id"], status="recorded", outcome="breach")
        spool.keep_receipts("/posts/tan-thanh/d1", [receipt])
    assert "note: steps: trung tâm kết luận vụ này khác máy này" in offline(*add_step).err
    assert "note: steps" not in offline(*add_step).err, "the step before has no receipt yet"
    with closing(PostSpool(offline.home / "post.db")) as spool:
        verdict = reported["verdict"]
        alike = [Receipt(sequence=state.sequence, id=state.id, status="recorded", outcome=verdict["outcome"], missing=verdict["missing"])
                 for state in spool.states()]  # fmt: skip
        spool.keep_receipts("/posts/tan-thanh/d1", alike)
    assert "note: steps" not in offline(*add_step).err


def values(post: Command) -> list[bytes]:
    script = "import sys; from pathlib import Path; from posts.spool import Spool\nfor row in Spool(Path(sys.argv[1])).read(0, 999): print(row.value.decode())"
    return subprocess.run([sys.executable, "-c", script, post.home / "post.db"], capture_output=True, check=True).stdout.splitlines()


def test_a_machine_that_is_no_device_is_told_how_to_become_one(tmp_path: Path) -> None:
    post = Command(tmp_path / "home")
    done = post("post", "nil", "--from", "2026-09-26", "--to", "2026-09-26")
    assert (done.code, done.problems[0][0]) == (1, "not_enrolled")
    done = post("post", "enrol", "--server", DOWN, "--key", "mgk_x")
    assert (done.code, done.problems[0][0]) == (3, "unreachable")
    assert not post.home.exists(), "nothing is changed"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((SENTENCE,), "confirm", "--yes"),
        ((SENTENCE, "--yes"), "missing", "data.side"),
        (("--kind", "works"), "missing", "data.occurred"),
        ((*HOUSE, "--fact", "distance_m=18 km"), "value", "distance_m"),
        ((*HOUSE, "--fact", "chieu cao=3"), "unknown_field", "works chỉ có các dữ kiện"),
        ((*HOUSE, "--text", "Độ mật: MẬT"), "secret", "độ mật"),
        (
            ("Ngày 27/9/2026 tại mốc 753 diễn tập tình huống nổ súng", "--kind", "shooting", "--side", "CN", "--yes"),
            "missing",
            "Việc thật hay diễn tập?",
        ),
    ],
)
def test_what_cannot_be_sent_is_named_and_nothing_is_written(offline: Command, arguments: tuple[str, ...], code: str, words: str) -> None:
    done = offline("post", "report", *arguments)
    assert (done.code, done.problems[0][0]) == (1, code)
    assert words in done.problems[0][1]
    assert values(offline) == []


def test_a_report_by_phone_says_so_and_which_office_took_it(centre: RunningDoor, tmp_path: Path) -> None:
    device = centre.enrol("chi-ma")
    post, record = Command(tmp_path / "post"), Command(centre.home)
    assert post("post", "enrol", "--server", centre.url, "--key", device.key).code == 0
    by_phone = post("post", "report", *HOUSE, "--via", "phone", "--taken-by", "so-ngoai-vu-lang-son", "--json").document
    wait_until(lambda: record("incidents", "show", by_phone["subject"], "--json").code == 0, "recorded")
    (event,) = record("incidents", "show", by_phone["subject"], "--json").document["events"]
    assert (event["via"], event["takenby"]) == ("phone", "so-ngoai-vu-lang-son")
    assert "điện thoại, so-ngoai-vu-lang-son ghi" in record("incidents", "show", by_phone["subject"]).out


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (("--via", "phone"), "--taken-by: tin qua điện thoại phải ghi cơ quan nào nhận"),
        (("--via", "phone", "--taken-by", "so-ngoai-vu-lang-so"), "so-ngoai-vu-lang-son"),
        (("--via", "fax", "--taken-by", "so-ngoai-vu-lang-son"), "--via 'fax'"),
    ],
)
def test_a_report_by_phone_without_a_known_office_is_refused(offline: Command, way: tuple[str, ...], named: str) -> None:
    done = offline("post", "report", *HOUSE, *way)
    ((code, sentence),) = done.problems
    assert (done.code, code, named in sentence) == (2, "usage", True), sentence
    assert values(offline) == []


def test_options_win_over_the_sentence_and_a_draft_is_one_path(offline: Command) -> None:
    done = offline("post", "report", SENTENCE, "--side", "undetermined", "--marker", "754", "--measure", "persons=8", "--exercise", "--yes")
    assert done.code == 0
    draft = offline("draft", SENTENCE, "--json").out
    done = offline("post", "report", "--from", "-", "--side", "undetermined", "--json", stdin=draft.encode())
    assert done.document["verdict"]["outcome"] == "border_event"
    first, second = (json.loads(value)["data"] for value in values(offline))
    assert (first["status"], first["place"]["marker"], first["measures"]) == ("exercise", "754", [{"what": "persons", "n": 8}])
    assert (second["status"], second["place"]["marker"], second["measures"][0]["n"]) == ("actual", "753", 9)
    assert "text" not in first, "the sentence may name persons"


def test_a_nil_report_is_refused_of_a_day_with_an_incident_and_takes_one_line_of_another(offline: Command) -> None:
    assert offline("post", "report", *HOUSE).code == 0
    done = offline("post", "nil", "--from", "2026-09-27", "--to", "2026-09-27")
    assert (done.code, done.problems[0][0]) == (1, "value")
    assert "đã báo 1 vụ" in done.problems[0][1]
    assert offline("post", "nil", "--from", "2026-09-26", "--to", "2026-09-26").code == 0
    sent = json.loads(values(offline)[-1])
    assert sent["data"]["interval"] == {"start": "2026-09-26T00:00:00+07:00", "end": "2026-09-27T00:00:00+07:00"}
    assert (sent["subject"], sent["data"]["incidents"]) == ("tan-thanh", 0)


def test_a_count_said_again_is_a_correction_and_needs_a_reason(offline: Command) -> None:
    count = ("post", "crossing", "--gate", "Pò Chài", "--from", "2026-09-26", "--to", "2026-09-26", "--direction", "VN-CN", "--count")
    assert offline(*count, "persons=1240").code == 0
    assert offline(*count, "người=1.241").code == 1
    assert offline(*count, "người=1.241", "--reason", "đếm lại").code == 0
    first, second = map(json.loads, values(offline))
    assert second["data"]["corrects"] == {"source": "/posts/tan-thanh/d1", "id": first["id"]}
    assert (first["subject"], second["data"]["counts"][0]["n"]) == ("tan-thanh", 1241)


def test_a_person_is_asked_only_for_what_is_missing_by_number_and_without_diacritics(offline: Command) -> None:
    session = answered(
        offline, ["post", "report", "Đêm 26/9/2026 tại mốc 1088/2 xây nhà kiên cố cách biên giới 20 m"],
        ["2", "xay moi", "6", "", "1"],
    )  # fmt: skip
    assert session.code == 0, session.screen
    assert "Hành vi của phía nào?" in session.screen
    assert "cần thêm dữ kiện" in session.screen
    data = json.loads(values(offline)[0])["data"]
    assert (data["side"], data["facts"]["change"], data["facts"]["purpose"]) == ("CN", "new", "other")
    assert "agreed" not in data["facts"], "not known"
    session = answered(offline, ["post", "report", "02h30 ngay 27/9/2026 tai moc 753"], ["viec khac", "chua xac dinh", "lợn rừng", "gui"])
    assert session.code == 0, session.screen
    assert json.loads(values(offline)[1])["data"]["text"] == "lợn rừng", "a kind without a rule needs words"
    session = answered(offline, ["post", "retract"], ["2", "báo nhầm", "rut"])
    assert session.code == 0, session.screen
    assert json.loads(values(offline)[2])["type"] == "vn.mocgioi.incident.retracted.v1"
    session = answered(offline, ["post", "report", SENTENCE], ["6", "bo"])
    assert (session.code, "chưa ghi gì" in session.screen, len(values(offline))) == (1, True, 3)
    retracted = json.loads(values(offline)[2])["subject"]
    assert offline("post", "retract", retracted, "--reason", "nhầm").problems[0][0] == "retracted"


def test_a_report_that_the_centre_refuses_says_why_and_a_wrong_clock_is_told(tmp_path: Path) -> None:
    post = Command(tmp_path / "post")
    with flaky_door() as centre:
        centre.clock_s = time.time() - 3600
        assert post("post", "enrol", "--server", centre.url, "--key", "mgk_x").code == 0
        assert stat.S_IMODE((post.home / "device.json").stat().st_mode) == 0o600
        centre.refuse = lambda _: True
        done = post("post", "report", *HOUSE, "--json")
    assert (done.code, done.document["status"]) == (1, "refused")
    clock, refused = done.err.splitlines()
    assert clock.startswith("note: clock: đồng hồ máy này nhanh 60 phút so với trung tâm")
    assert refused == "problem: ahead: số 1: bị từ chối: đồng hồ của máy nhanh"
    status = status_of(post)
    assert (status["skew_s"] > 3500, status["events"][0]["problem"]["code"]) == (True, "ahead")


def test_events_reach_the_centre_and_their_receipts_come_back(centre: RunningDoor, tmp_path: Path) -> None:
    device = centre.enrol()
    post = Command(tmp_path / "post")
    assert post("post", "enrol", "--server", centre.url, "--key", device.key, "--json").document["source"] == device.source
    facts = ("--fact", "distance_m=10", "--fact", "permanent=co", "--fact", "change=new", "--fact", "purpose=other")
    incident = post("post", "report", *HOUSE, *facts, "--fact", "agreed=khong", "--json").document
    assert (incident["status"], incident["verdict"]["outcome"]) == ("sent", "breach")
    yesterday = f"{datetime.now(HANOI) - timedelta(days=1):%Y-%m-%d}"
    assert post("post", "nil", "--from", yesterday, "--to", yesterday).code == 0
    wait_until(lambda: [event["status"] for event in status_of(post)["events"]] == ["recorded"] * 2, "both are recorded")
    status = status_of(post)
    assert (status["source"], status["waiting"], status["sent"]) == (device.source, 0, 2)
    assert abs(status["skew_s"]) < 60
    first = status["events"][0]
    assert (first["sequence"], first["incident"], first["outcome"], first["clauses"]) == (1, incident["subject"], "breach", ["21(1)"])
    copied = tmp_path / "copied"
    shutil.copytree(post.home, copied)
    assert post("post", "retract", incident["subject"], "--reason", "nhầm").code == 0
    wait_until(lambda: status_of(post)["events"][-1]["status"] == "recorded", "the retraction is recorded")
    copy = Command(copied)
    done = copy("post", "nil", "--from", yesterday, "--to", yesterday, "--json")
    assert (done.document["status"], "ghi danh lại" in done.err) == ("waiting", True)
    assert (copy("post", "send").code, copy("post", "send").problems[0][0]) == (1, "device_copied")
    again = copy("post", "enrol", "--server", centre.url, "--key", device.key)
    assert (again.code, again.problems[0][0]) == (1, "device_copied")
    another = centre.enrol()
    assert copy("post", "enrol", "--server", centre.url, "--key", another.key).code == 0
    assert copy("post", "send", "--json").document == {"sent": 1, "refused": 0}
    revoked = Command(tmp_path / "fresh")("post", "enrol", "--server", centre.url, "--key", device.key)
    assert (revoked.code, revoked.problems[0][0]) == (1, "device_used"), "a reinstall is a new device"


def test_a_watch_sends_what_another_command_leaves(centre: RunningDoor, tmp_path: Path) -> None:
    device = centre.enrol("huu-nghi")
    post = Command(tmp_path / "post")
    assert post("post", "enrol", "--server", centre.url, "--key", device.key).code == 0
    watch = post.start("post", "watch", "--json")
    try:
        assert post("post", "report", *HOUSE).code == 0
        assert watch.stdout is not None
        assert json.loads(watch.stdout.readline())["status"] == "recorded"
    finally:
        watch.terminate()
        watch.communicate()


def test_reporting_loads_no_extra_and_no_network(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['mocgioi', *sys.argv[1:]]\nfrom mocgioi.cli import main\ntry: main()\n"
        "finally: print([name for name in ('sqlalchemy', 'faust', 'aiokafka', 'fastapi', 'psycopg', 'httpx') if name in sys.modules])"
    )
    environment = Command(tmp_path / "home").environment
    for arguments, loaded in ((["post", "report", "--help"], "[]"), (["post", "nil", "--from", "2026-09-26"], "[]")):
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=environment, check=False)
        assert done.stdout.splitlines()[-1] == loaded
