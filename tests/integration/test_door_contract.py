"""The door's contract, sentence by sentence: who may speak, what a body may be, what is answered, and what goes on its way."""

import asyncio
import gzip
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from schemas.records import DeadLetter, Unavailable
from schemas.topics import DEAD_LETTERS, INCIDENTS
from sinks.postgres.engine import connect
from sinks.postgres.tables import audit
from sinks.record import devices
from tests import builders
from tests.support.door_in_process import ARRAY, LINES, ONE, DoorInProcess, door_in_process
from tests.support.workers import wait_until

PROBLEM = "application/problem+json"
TOO_LARGE = "x" * (256 * 1024)


@pytest.fixture(scope="module")
def shared(databases, tmp_path_factory):
    engine = connect(databases.fresh())
    with door_in_process(engine, tmp_path_factory.mktemp("door")) as made:
        yield made
    engine.dispose()


@pytest.fixture
def door(shared):
    """The door, and a device that has not spoken yet."""
    return shared.enrol()


def letters(door: DoorInProcess) -> list[DeadLetter]:
    return [msgspec.json.decode(row.value, type=DeadLetter) for row in door.spooled() if row.target == DEAD_LETTERS]


def audited(door: DoorInProcess) -> list:
    with door.engine.connect() as connection:
        return connection.execute(select(audit.c.actor, audit.c.action, audit.c.object).where(audit.c.actor == door.source)).all()


def problem_of(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"].endswith(code)
    assert problem["title"]
    assert problem["detail"]
    return problem


def says_how_to_enrol_again(problem: dict) -> None:
    """On a phone, which has the page only, and on a machine with the command."""
    assert "“Nhập lại mã thiết bị”" in problem["detail"]
    assert "mocgioi post enrol" in problem["detail"]


# -- keys


@pytest.mark.parametrize("header", [{"authorization": ""}, {"authorization": "Basic bWdr"}, {"authorization": "Bearer "}])
def test_without_a_key_nothing_is_looked_at(door, header):
    answer = door.ask("POST", "/v1/events", content=b"{", headers={"content-type": "text/plain"} | header)
    says_how_to_enrol_again(problem_of(answer, 401, "key_missing"))
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_unknown_key_is_looked_up_before_it_is_refused(door):
    door.post(builders.payload(door.event()))  # the keys are in the list now
    door.key = "mgk_wrong"
    answer = door.ask("GET", "/v1/receipts")
    says_how_to_enrol_again(problem_of(answer, 401, "key_unknown"))
    assert answer.headers["www-authenticate"].startswith("Bearer")
    door.enrol("huu-nghi")
    assert door.ask("GET", "/v1/receipts").json()["source"] == door.source


def test_an_address_may_fail_twenty_times_a_minute_and_a_good_key_still_opens(door):
    good, door.key = door.key, "mgk_wrong"
    assert [door.ask("GET", "/v1/receipts", client="127.0.0.20").status_code for _ in range(21)] == [401] * 20 + [429]
    limited = door.ask("GET", "/v1/receipts", client="127.0.0.20")
    problem_of(limited, 429, "rate")
    assert int(limited.headers["retry-after"]) == 3
    assert door.ask("GET", "/v1/receipts", client="127.0.0.21").status_code == 401
    door.key = good
    assert door.ask("GET", "/v1/receipts").status_code == 200  # from now on it is in the list
    assert door.ask("GET", "/v1/receipts", client="127.0.0.20").status_code == 200


def test_a_rotated_and_a_revoked_key_are_told_so(door):
    former, door.key = door.key, devices.rotate(door.engine, door.source).key
    assert door.ask("GET", "/v1/receipts").json()["source"] == door.source
    devices.revoke(door.engine, door.source)
    door.key, last = former, door.key
    says_how_to_enrol_again(problem_of(door.ask("GET", "/v1/receipts"), 401, "key_revoked"))
    door.key = last
    wait_until(lambda: door.ask("GET", "/v1/receipts").status_code == 401, "the end of a key that was in the list", timeout_s=10)


# -- one event


def test_one_event_is_answered_with_what_it_is_called(door):
    event = door.event()
    answer = door.post(builders.payload(event), "application/cloudevents+json; charset=UTF-8")
    assert answer.status_code == 202
    assert answer.json() == {"id": event["id"], "source": door.source, "sequence": event["sequence"], "status": "accepted"}
    (row,) = door.spooled()
    assert (row.target, row.key, row.value) == (INCIDENTS, event["subject"].encode(), builders.payload(event))


def test_a_refused_event_names_each_field_and_becomes_a_dead_letter(door):
    event = door.event(data=builders.incident(place={"scheme": "marker", "line": "VN-CN", "marker": "9999"}, side="XX"))
    problem = problem_of(door.post(builders.payload(event)), 422, "value")
    assert [found["pointer"] for found in problem["problems"]] == ["/data/place/marker", "/data/side"]
    (letter,) = letters(door)
    assert (letter.source, letter.sequence, letter.event_id) == (door.source, int(event["sequence"]), event["id"])
    assert letter.payload == builders.payload(event)
    assert [found.pointer for found in letter.problems] == ["/data/place/marker", "/data/side"]


def test_a_missing_field_is_named_where_it_should_stand(door):
    event = door.event()
    del event["data"]["kind"], event["id"]
    problem = problem_of(door.post(builders.payload(event)), 422, "missing")
    assert {found["pointer"] for found in problem["problems"]} == {"/id", "/data/kind"}


def test_a_clock_in_2030_is_refused_with_what_to_do(door):
    problem = problem_of(door.post(builders.payload(door.event(time="2030-01-01T00:00:00+07:00"))), 422, "ahead")
    assert problem["problems"][0]["pointer"] == "/time"
    assert "giờ của máy" in problem["detail"]


@pytest.mark.parametrize("source", ["/posts/tan-thanh/d77", "/posts/huu-nghi/d1", "/posts/tan-thanh", builders.OFFICE])
def test_a_device_speaks_only_as_itself_and_the_audit_has_who_tried(door, source):
    answer = door.post(builders.payload(door.event(source=source)))
    problem_of(answer, 403, "not_yours")
    bad = builders.payload(door.event(source=source) | {"data": {}})
    problem_of(door.post(bad), 403, "not_yours")
    assert not door.spooled()
    wait_until(lambda: door.ask("GET", "/healthz") and len(audited(door)) == 2, "both are in the audit")
    assert set(audited(door)) == {(door.source, "not_yours", source)}


def test_a_secret_event_is_refused_and_its_letter_holds_no_word_of_it(door):
    event = door.event(data=builders.incident(text="TUYỆT MẬT: kế hoạch"), id="kế hoạch", subject="kế hoạch")
    answer = door.post(builders.payload(event))
    problem_of(answer, 422, "secret")
    assert "kế hoạch" not in answer.text
    (row,) = door.spooled()
    assert "kế hoạch".encode() not in row.value
    (letter,) = letters(door)
    assert (letter.source, letter.sequence, letter.event_id, letter.payload) == (door.source, int(event["sequence"]), None, None)


def test_a_uuid_of_a_secret_event_is_kept_for_its_receipt(door):
    number = "0193b9c0-0000-7000-8000-000000000001"
    door.post(builders.payload(door.event(data=builders.incident(text="TỐI MẬT"), id=number)))
    assert [letter.event_id for letter in letters(door)] == [number]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nul", b"\xff\xfe", b'"text"'])
def test_what_is_no_event_is_refused_and_leaves_nothing(door, body):
    assert door.post(body).status_code == 422
    assert not door.spooled()


# -- bodies


@pytest.mark.parametrize(
    ("media_type", "encoding", "code"),
    [
        ("application/json", "", "media_type"),
        ("text/plain", "", "media_type"),
        ("", "", "media_type"),
        (ONE + "; charset=utf-16", "", "media_type"),
        (ONE, "br", "encoding"),
        (ONE, "gzip, gzip", "encoding"),
    ],
)
def test_other_media_types_and_encodings_are_415_and_say_what_is_taken(door, media_type, encoding, code):
    answer = door.ask("POST", "/v1/events", content=b"{}", headers={"content-type": media_type, "content-encoding": encoding})
    problem_of(answer, 415, code)
    assert answer.headers["accept-encoding"] == "gzip"
    assert ONE in answer.headers["accept-post"]


def test_binary_mode_is_415(door):
    headers = {"content-type": "application/json", "ce-specversion": "1.0", "ce-id": "1"}
    problem_of(door.ask("POST", "/v1/events", content=b"{}", headers=headers), 415, "media_type")


def test_gzip_is_taken_in_several_members_too(door):
    first, second = builders.payload(door.event()), builders.payload(door.event())
    answer = door.ask(
        "POST", "/v1/events", content=gzip.compress(first + b"\n") + gzip.compress(second),
        headers={"content-type": LINES, "content-encoding": "gzip"},
    )  # fmt: skip
    assert [row["status"] for row in answer.json()["events"]] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    "damage", [lambda packed: packed[:-20], lambda packed: b"no gzip", lambda packed: packed[:40] + b"\0" + packed[41:]]
)
def test_a_damaged_gzip_is_422(door, damage):
    body = damage(gzip.compress(builders.payload(door.event())))
    problem_of(door.ask("POST", "/v1/events", content=body, headers={"content-type": ONE, "content-encoding": "gzip"}), 422, "gzip")


def test_an_event_that_is_too_large_is_413_and_has_its_letter(door):
    problem_of(door.post(builders.payload(door.event(data=builders.incident(text=TOO_LARGE)))), 413, "too_large")
    assert [(letter.code, letter.sequence is not None) for letter in letters(door)] == [("too_large", True)]


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_beyond_the_limits_is_413_packed_or_not(door, encoding):
    bomb = b'{"a": "' + b"x" * (9 * 1024 * 1024) + b'"}'
    for media_type in (ONE, LINES, ARRAY):
        problem_of(door.post(bomb, media_type, content_encoding=encoding), 413, "too_large")
    assert not door.spooled()


def test_a_thousand_events_are_taken_and_one_more_is_413(door):
    lines = [builders.payload(door.event()) for _ in range(1001)]
    answer = door.post(b"\n".join(lines[:1000]), LINES, content_encoding="gzip")
    assert answer.status_code == 202
    assert [row["status"] for row in answer.json()["events"]] == ["accepted"] * 1000
    assert [row.value for row in door.spooled()] == lines[:1000]
    problem_of(door.post(b"\n".join(lines), LINES), 413, "too_many")
    problem_of(door.post(b"[" + b",".join(lines) + b"]", ARRAY), 413, "too_many")


# -- batches


@pytest.mark.parametrize("media_type", [ARRAY, LINES])
def test_what_is_refused_in_a_batch_stops_nothing_and_keeps_its_place(door, media_type):
    first, last = door.event(), door.event()
    refused = door.event(data=builders.incident(side="XX"))
    foreign = door.event(source="/posts/huu-nghi/d1")
    events = [builders.payload(event) for event in (first, refused, foreign, last)]
    body = b"[" + b", ".join(events) + b"]" if media_type == ARRAY else b"\n\n" + b"\r\n  \n".join(events) + b"\n"
    answer = door.post(body, media_type)
    assert answer.status_code == 202
    rows = answer.json()["events"]
    assert [row["index"] for row in rows] == [0, 1, 2, 3]
    assert rows[0] == {"index": 0, "id": first["id"], "status": "accepted"}
    assert rows[3] == {"index": 3, "id": last["id"], "status": "accepted"}
    assert {row["status"] for row in rows[1:3]} == {"refused"}
    assert set(rows[1]["problem"]) == {"code", "title", "detail", "problems"}
    assert [found["pointer"] for found in rows[1]["problem"]["problems"]] == ["/data/side"]
    assert rows[2]["problem"]["code"] == "not_yours"
    targets = [(row.target, row.value) for row in door.spooled()]
    assert targets[0] == (INCIDENTS, events[0])
    assert targets[-1] == (INCIDENTS, events[3])
    assert [letter.sequence for letter in letters(door)] == [int(refused["sequence"])]


@pytest.mark.parametrize(("body", "media_type"), [(b"[]", ARRAY), (b"", LINES), (b"\n \n", LINES)])
def test_an_empty_batch_is_202(door, body, media_type):
    answer = door.post(body, media_type)
    assert (answer.status_code, answer.json()) == (202, {"events": []})


def test_a_batch_with_nothing_good_in_it_is_202(door):
    answer = door.post(b"1\n{}\nnull", LINES)
    assert answer.status_code == 202
    assert [row["status"] for row in answer.json()["events"]] == ["refused"] * 3


@pytest.mark.parametrize("body", [b"[", b'[{"id": 1}', b"{}", b"[NaN]", b"\xff"])
def test_an_array_that_is_none_is_422(door, body):
    problem_of(door.post(body, ARRAY), 422, "json")


def test_a_key_twice_in_an_event_of_an_array_is_seen(door):
    event = builders.payload(door.event())
    (row,) = door.post(b"[" + event[:-1] + b', "id": "other"}]', ARRAY).json()["events"]
    assert row["problem"]["code"] == "duplicate_key"


# -- away, and too fast


class Away:
    """A publisher whose Kafka is away: what a broker does only when it is killed."""

    part = "broker"

    async def publish(self, entries):
        raise Unavailable("broker", "away")

    async def check(self):
        raise Unavailable("broker", "away")


class Silent(Away):
    """A publisher whose Kafka does not answer."""

    async def publish(self, entries):
        await asyncio.Event().wait()


@pytest.mark.parametrize("publisher", [Away(), Silent()])
def test_while_kafka_is_away_a_post_is_503_and_told_when_to_come_again(shared, tmp_path, publisher):
    with door_in_process(shared.engine, tmp_path, publisher=publisher, publish_timeout_s=0.05) as door:
        answer = door.post(builders.payload(door.event()))
        problem_of(answer, 503, "away")
        assert int(answer.headers["retry-after"]) >= 1
        assert "không mất gì" in answer.json()["detail"]
        assert door.ask("GET", "/healthz").status_code == 200
        ready = door.ask("GET", "/readyz")
        assert (ready.status_code, ready.json()["away"], "không nhận tin" in ready.json()["why"]) == (503, ["kafka"], True)


def test_a_device_may_ask_fifty_times_a_second(door):
    codes = [door.ask("GET", "/v1/receipts").status_code for _ in range(51)]
    assert codes == [200] * 50 + [429]


def test_a_device_may_send_five_thousand_events_a_second(door):
    body = b"\n".join([b"{}"] * 1000)
    assert [door.post(body, LINES).status_code for _ in range(5)] == [202] * 5
    limited = door.post(b"{}", LINES)
    problem_of(limited, 429, "rate")
    assert int(limited.headers["retry-after"]) == 1


# -- what needs no key


def test_reference_needs_no_key_and_is_not_sent_twice(door):
    door.key = ""
    for path in ("/v1/codebook", "/v1/schema", "/v1/markers/1088%2F2", "/v1/markers/1088/2", "/v1/markers/m%E1%BB%91c%20560-561"):
        answer = door.ask("GET", path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        again = door.ask("GET", path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert door.ask("GET", "/v1/markers/1088%2F2").json()["canonical"] == "1088/2"
    assert door.ask("GET", "/v1/schema").json()["$id"] == "urn:mocgioi:event:v1"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"), [("GET", "/v1/nothing", 404, "not_found"), ("DELETE", "/v1/events", 405, "method")]
)
def test_404_and_405_are_problems_too(door, method, path, status, code):
    problem_of(door.ask(method, path), status, code)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after=-1", "after=1.5"])
def test_a_parameter_that_is_none_is_named(door, query):
    problem = problem_of(door.ask("GET", f"/v1/receipts?{query}"), 422, "value")
    assert problem["detail"].startswith(query.partition("=")[0])


def test_only_loopback_is_served_without_tls(door):
    problem_of(door.ask("GET", "/v1/codebook", client="192.0.2.7"), 403, "tls")
    for path in ("/healthz", "/readyz", "/metrics"):
        assert door.ask("GET", path, client="192.0.2.7").status_code == 200


def test_no_answer_lets_another_page_read_it(door):
    for path in ("/v1/codebook", "/v1/nothing", "/v1/receipts"):
        headers = door.ask("GET", path, headers={"origin": "https://example.com"}).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert not any(name.startswith("access-control-") for name in headers)


def metrics(door: DoorInProcess) -> dict[str, float]:
    lines = door.ask("GET", "/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}


def test_metrics_count_what_came(door):
    before = metrics(door)
    late = datetime.now(builders.HANOI) - timedelta(minutes=2)
    data = builders.incident(occurred={"start": (late - timedelta(hours=1)).isoformat(), "precision": "hour"})
    door.post(builders.payload(door.event(data, time=late.isoformat())))
    door.post(b"{}")
    after = metrics(door)
    grown = {name: value - before[name] for name, value in after.items() if value != before[name]}
    assert grown["border_door_accepted_total"] == 1
    assert grown['border_door_refused_total{code="missing"}'] == 1
    assert grown['border_door_requests_total{status="2xx"}'] == 2  # the page of metrics too
    assert grown['border_door_requests_total{status="4xx"}'] == 1
    assert 'border_lateness_seconds_bucket{le="60.0"}' not in grown
    assert grown['border_lateness_seconds_bucket{le="300.0"}'] == 1


def test_a_door_before_its_database_answers_503(tmp_path):
    nowhere = connect(f"postgresql://mocgioi@/none?host={tmp_path}")
    with capture_logs() as logs, door_in_process(nowhere, tmp_path, key="mgk_any") as door:
        refused = door.post(b"{}")
        problem_of(refused, 503, "away")
        assert int(refused.headers["retry-after"]) >= 1
        ready = door.ask("GET", "/readyz")
        assert (ready.status_code, ready.json()["away"]) == (503, ["database"])
        assert ready.json()["why"].startswith("cơ sở dữ liệu không trả lời: cửa khởi động lúc cơ sở dữ liệu vắng nên chưa biết khóa nào")
        wait_until(lambda: door.ask("GET", "/healthz") and "keys_not_refreshed" in [line["event"] for line in logs], "logged")
        line = next(line for line in logs if line["event"] == "keys_not_refreshed")
        assert (line["keys"], "chưa biết khóa nào" in line["meanwhile"]) == (0, True)
        assert door.ask("GET", "/healthz").status_code == 200
    nowhere.dispose()
