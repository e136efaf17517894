"""The post's spool: numbers without gaps whatever happens, every event with how far it came, a copy noticed."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from border.vietnam import HANOI
from posts import mint as minting
from posts.device import Device
from posts.mint import NewEvent
from posts.post_spool import Copied, PostSpool
from posts.receipts import Receipt, ReceiptPage
from posts.salvage import salvage
from posts.spool_file import SpoolProblem
from schemas.events import AnyEvent
from schemas.problems import InvalidEvent
from tests.builders import crossing, incident
from tests.support.post_kills import SOURCE, kill_while_minting, mint_until_the_disk_is_full, numbers_of

ANOTHER = "/posts/tan-thanh/d2"


def report(subject: str = "inc-1", **changes: object) -> NewEvent:
    return NewEvent("incident.reported", subject, incident(**changes))


def page(*receipts: Receipt, highest: int) -> ReceiptPage:
    return ReceiptPage(source=SOURCE, highest=highest, gaps=[], receipts=list(receipts))


class Clock:
    """The clock of the machine, set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 12, tzinfo=HANOI)

    def now(self, _: object) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(minting, "datetime", clock)
    return clock


@pytest.fixture
def spool(tmp_path: Path) -> PostSpool:
    return PostSpool(tmp_path / "post.db")


def test_a_kill_leaves_no_gap_and_loses_nothing_accepted(tmp_path: Path) -> None:
    path = tmp_path / "post.db"
    for _ in range(5):
        accepted = kill_while_minting(path, within_s=0.3)
        numbers = numbers_of(path)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= accepted


def test_a_full_disk_leaves_no_gap_and_loses_nothing_accepted(tmp_path: Path) -> None:
    path = tmp_path / "post.db"
    PostSpool(path).close()
    accepted, said = mint_until_the_disk_is_full(path, limit=300_000)
    assert accepted == list(range(1, len(accepted) + 1))
    assert len(accepted) > 10
    assert "SpoolProblem" in said
    assert numbers_of(path) == accepted
    PostSpool(path).mint(SOURCE, [report()])
    assert numbers_of(path) == [*accepted, len(accepted) + 1]


def test_an_event_that_validation_refuses_takes_no_number_and_neither_do_those_beside_it(spool: PostSpool) -> None:
    with pytest.raises(InvalidEvent, match=r"place\.marker"):
        spool.mint(SOURCE, [report(), report("inc-2", place={"scheme": "marker", "line": "VN-CN", "marker": "9999"})])
    assert spool.states() == []
    (event,) = spool.mint(SOURCE, [report()])
    assert event.number == 1


def test_time_never_goes_back_for_a_subject_and_is_nothing_to_another(spool: PostSpool, clock: Clock) -> None:
    first, second = spool.mint(SOURCE, [report(), NewEvent("incident.updated", "inc-1", {"reason": "thêm", "side": "VN"})])
    clock.at -= timedelta(days=1)
    third, other = spool.mint(SOURCE, [NewEvent("incident.retracted", "inc-1", {"reason": "nhầm"}), report("inc-2")])
    assert [event.time - first.time for event in (second, third)] == [timedelta(milliseconds=1), timedelta(milliseconds=2)]
    assert other.time == clock.at


def test_a_year_that_the_centre_refused_draws_no_later_event_after_it(spool: PostSpool, clock: Clock) -> None:
    clock.at = datetime(2030, 1, 1, tzinfo=HANOI)
    (ahead,) = spool.mint(SOURCE, [report()])
    clock.at = datetime(2026, 11, 27, tzinfo=HANOI)
    assert spool.mint(SOURCE, [report()])[0].time > ahead.time
    spool.keep_receipts(SOURCE, [Receipt(sequence=number, id=spool.states()[-number].id, status="refused") for number in (1, 2)])
    assert spool.mint(SOURCE, [report()])[0].time == clock.at


def test_an_event_is_waiting_then_sent_then_what_its_receipt_says(spool: PostSpool) -> None:
    events = spool.mint(SOURCE, [report(f"inc-{number}") for number in range(4)])
    spool.mark_sent(4)
    recorded = Receipt(sequence=1, id=events[0].id, status="recorded", outcome="breach", clauses=["21(1)"])
    refused = Receipt(sequence=2, id=events[1].id, status="refused", problem={"code": "ahead"})
    spool.keep_receipts(SOURCE, [recorded, refused])
    assert [state.status for state in reversed(spool.states())] == ["recorded", "refused", "sent", "waiting"]
    assert spool.states()[-1].receipt == recorded
    assert spool.unanswered_from(SOURCE) == 3
    spool.keep_receipts(SOURCE, [Receipt(sequence=2, id=events[1].id, status="recorded")])
    assert spool.states()[-2].status == "recorded", "it was redriven"


@pytest.mark.parametrize(
    ("receipt", "highest"),
    [(None, 3), (Receipt(sequence=2, id="another", status="recorded"), 2), (Receipt(sequence=2, id="own", status="conflict"), 2)],
)
def test_a_centre_that_has_other_events_of_this_device_shows_a_copied_spool(
    spool: PostSpool, receipt: Receipt | None, highest: int
) -> None:
    spool.mint(SOURCE, [report("inc-1"), report("inc-2")])
    spool.contacted(SOURCE, 0.0)
    spool.compare(page(highest=2))
    with pytest.raises(Copied, match="ghi danh lại"):
        spool.compare(page(*filter(None, [receipt]), highest=highest))
    with pytest.raises(Copied, match="ghi danh lại"):
        spool.refuse_copied(SOURCE)
    spool.refuse_copied(ANOTHER)


def test_what_waits_of_a_copied_spool_is_minted_anew_for_the_new_device(spool: PostSpool) -> None:
    spool.mint(SOURCE, [report("inc-1"), NewEvent("incident.reported", "inc-2", incident(side="VN"), {"via": "phone"})])
    spool.mark_sent(2)
    device = Device(ANOTHER, "https://trung-tam.example", "mgk_x")
    assert spool.mint_anew(device) == 1
    assert spool.mint_anew(device) == 0
    (row,) = spool.read(spool.sent, 10)
    assert (b'"source": "/posts/tan-thanh/d2"' in row.value, b'"via": "phone"' in row.value) == (True, True)
    (event,) = spool.events_of("inc-2")
    assert event.offset == row.offset, "as it was, nobody gets it"
    assert [(state.source, state.status) for state in spool.states()] == [(ANOTHER, "waiting"), (SOURCE, "sent")]


def test_what_is_minted_anew_speaks_of_the_new_device_and_corrects_what_it_corrected(spool: PostSpool) -> None:
    count = crossing()["data"]

    def corrected(first: AnyEvent) -> NewEvent:
        return NewEvent("crossing.corrected", "tan-thanh", count | {"corrects": {"source": SOURCE, "id": first.id}, "reason": "đếm lại"})

    sent, waiting = spool.mint(SOURCE, [NewEvent("crossing.recorded", "tan-thanh", count)] * 2)
    nil = {"status": "actual", "interval": count["interval"], "incidents": 0, "crossings": 0, "last_sequence": "00000002", "waiting": 1}
    spool.mint(SOURCE, [corrected(sent), corrected(waiting), NewEvent("post.reported", "tan-thanh", nil)])
    spool.mark_sent(sent.number + 1)
    assert spool.mint_anew(Device(ANOTHER, "https://trung-tam.example", "mgk_x")) == 4
    anew = [json.loads(row.value) for row in spool.read(spool.sent, 10)]
    of_sent, of_waiting = (event["data"]["corrects"] for event in anew[1:3])
    assert of_sent == {"source": SOURCE, "id": sent.id}, "the centre has it under the old name"
    assert of_waiting == {"source": ANOTHER, "id": anew[0]["id"]}
    assert "last_sequence" not in anew[3]["data"], "it was a number of the other device"


def test_a_salvaged_spool_knows_its_events_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "post.db"
    spool = PostSpool(path)
    spool.mint(SOURCE, [report(f"inc-{number}") for number in range(3)])
    spool.mark_sent(3)
    spool.close()
    salvage(path)
    again = PostSpool(path)
    assert [state.subject for state in reversed(again.states())] == ["inc-0", "inc-1", "inc-2"]
    assert again.mint(SOURCE, [report("inc-4")])[0].number == 4


def test_a_second_writer_waits_and_is_then_told(tmp_path: Path) -> None:
    first, second = PostSpool(tmp_path / "post.db"), PostSpool(tmp_path / "post.db", patience_s=0.1)

    def written_slowly() -> Iterator[NewEvent]:
        with pytest.raises(SpoolProblem, match="lệnh khác đang dùng hộp gửi"):
            second.mint(SOURCE, [report("inc-2")])
        yield report("inc-1")

    first.mint(SOURCE, written_slowly())
    assert second.mint(SOURCE, [report("inc-2")])[0].number == 2


def test_a_copy_of_the_file_is_a_copy_of_all_of_it(tmp_path: Path) -> None:
    spool = PostSpool(tmp_path / "post.db")
    spool.mint(SOURCE, [report()])
    spool.close()
    shutil.copy(tmp_path / "post.db", tmp_path / "copy.db")
    assert numbers_of(tmp_path / "copy.db") == [1]
