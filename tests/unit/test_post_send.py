"""Sending over a line that fails: nothing is lost, nothing is out of order, and a person is told what to do."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from posts.centre import AT_ONCE, Centre, DoorRefused, Patience, Unreachable
from posts.device import Device
from posts.mint import NewEvent
from posts.post_spool import Copied, PostSpool
from posts.send import MAX_EVENTS, Sent, batches, send
from tests.builders import incident
from tests.support.flaky_door import FlakyDoor, Reply, flaky_door

SOURCE = "/posts/tan-thanh/d1"
THREE_TRIES = Patience(attempts=3, timeout_s=None)


@dataclass
class Sender:
    """A post with some events, in front of a door."""

    spool: PostSpool
    door: FlakyDoor

    def mint(self, count: int) -> list[int]:
        events = self.spool.mint(SOURCE, [NewEvent("incident.reported", f"inc-{number}", incident()) for number in range(count)])
        return [event.number for event in events]

    def send(self, patience: Patience = AT_ONCE) -> Sent:
        centre = Centre(self.door.url, "mgk_x", patience)
        try:
            return send(self.spool, Device(SOURCE, self.door.url, "mgk_x"), centre)
        finally:
            centre.close()

    @property
    def arrived(self) -> list[list[int]]:
        """The sequences of each batch that the door was given."""
        return [[int(event["sequence"]) for event in batch] for batch in self.door.batches]

    @property
    def statuses(self) -> list[str]:
        return [state.status for state in reversed(self.spool.states())]


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with flaky_door() as door:
        spool = PostSpool(tmp_path / "post.db")
        yield Sender(spool, door)
        spool.close()


def test_all_that_waits_goes_in_order_in_batches_the_door_takes(sender: Sender) -> None:
    numbers = sender.mint(MAX_EVENTS + 5)
    assert sender.send() == Sent(MAX_EVENTS + 5, 0)
    assert sender.arrived == [numbers[:MAX_EVENTS], numbers[MAX_EVENTS:]]
    assert sender.send() == Sent(0, 0)
    assert len(sender.arrived) == 2


def test_a_batch_whose_answer_is_lost_is_sent_again_under_the_same_ids(sender: Sender) -> None:
    sender.mint(3)
    sender.door.replies = [Reply(None)]
    with pytest.raises(Unreachable):
        sender.send()
    assert sender.statuses == ["waiting"] * 3
    sender.mint(1)
    assert sender.send().events == 4
    lost, again = sender.door.batches
    assert again[:3] == lost


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_door_is_asked_again_when_it_says(sender: Sender, status: int) -> None:
    sender.mint(1)
    sender.door.replies = [Reply(status, b"{}", {"Retry-After": "1"})]
    began = time.monotonic()
    assert sender.send(THREE_TRIES).events == 1
    assert time.monotonic() - began >= 1
    assert sender.arrived == [[1], [1]]


def test_a_door_that_stays_away_is_unreachable_and_everything_waits(sender: Sender) -> None:
    sender.mint(2)
    sender.door.replies = [Reply(503, b"{}", {"Retry-After": "0"})] * 3
    with pytest.raises(Unreachable) as away:
        sender.send(THREE_TRIES)
    assert away.value.exit_code == 3
    assert len(sender.arrived) == 3
    assert sender.statuses == ["waiting"] * 2


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (Reply(401, '{"code": "key_revoked", "title": "Khóa đã thu hồi"}'.encode()), "key_revoked", "xin khóa mới"),
        (Reply(403, b'{"code": "not_yours", "title": "x"}'), "not_yours", "ghi danh lại"),
        (Reply(200, b"<html>Wi-Fi</html>"), "not_the_centre", "không phải trung tâm"),
        (Reply(302, b"", {"Location": "https://elsewhere.example"}), "not_the_centre", "không phải trung tâm"),
        (Reply(202, b'{"events": []}'), "answer", "trả lời thiếu"),
    ],
)
def test_an_answer_that_no_waiting_helps_stops_with_one_sentence_and_loses_nothing(
    sender: Sender, reply: Reply, code: str, words: str
) -> None:
    sender.mint(1)
    sender.door.replies = [reply]
    with pytest.raises(DoorRefused, match=words) as refused:
        sender.send(THREE_TRIES)
    assert (refused.value.code, refused.value.exit_code) == (code, 1)
    assert (len(sender.arrived), sender.statuses) == (1, ["waiting"])


def test_a_refused_event_keeps_its_reason_and_stops_no_other(sender: Sender) -> None:
    sender.mint(3)
    sender.door.refuse = lambda event: int(event["sequence"]) == 2
    assert sender.send() == Sent(2, 1)
    assert sender.statuses == ["sent", "refused", "sent"]
    receipt = sender.spool.states()[1].receipt
    assert receipt is not None
    assert receipt.problem is not None
    assert receipt.problem["detail"] == "đồng hồ của máy nhanh"


def test_a_spool_that_is_behind_the_centre_sends_nothing(sender: Sender) -> None:
    sender.mint(1)
    sender.door.highest = 7
    with pytest.raises(Copied, match="trung tâm đã có đến số 7"):
        sender.send()
    sender.door.highest = 0
    with pytest.raises(Copied):
        sender.send()
    assert sender.arrived == []


def test_the_clock_is_compared_with_that_of_the_centre(sender: Sender) -> None:
    sender.door.clock_s = time.time() - 400
    sender.send()
    contact = sender.spool.contact(SOURCE)
    assert contact is not None
    assert contact.skew_s == pytest.approx(400, abs=3)


def test_a_batch_is_no_larger_than_the_door_takes(sender: Sender) -> None:
    text = "chữ " * 4_999
    sender.spool.mint(SOURCE, [NewEvent("incident.reported", f"inc-{number}", incident(text=text)) for number in range(400)])
    batch = next(batches(sender.spool))
    assert 200 < len(batch) < 400
    assert sum(len(row.value) + 1 for row in batch) <= 8 * 1024 * 1024
