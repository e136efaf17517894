"""A simulated border: the same seed gives the same bytes, everything goes wrong that must, and each difference from the plan has a name."""

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agreement.incident import fold
from agreement.judge import judge
from agreement.state import pack_of
from border.vietnam import HANOI
from mocgioi.service.simulating import simulated, write
from posts.simulation.border import Simulation, sources_of
from posts.simulation.comparing import Receipt, Recorded, differences
from posts.simulation.expected import Expected, expected
from posts.simulation.pace import Pace, paced
from schemas.events import IncidentEvent
from schemas.validation import decode

START = datetime(2026, 1, 1, tzinfo=HANOI)
POSTS, DAYS = 45, 20


@cache
def border(seed: int = 7, posts: int = POSTS) -> Simulation:
    return simulated(seed=seed, sources=sources_of(seed, posts), days=DAYS, start=START)


@cache
def plan() -> Expected:
    read: Expected = json.loads(json.dumps(expected(border())))
    return read


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    again = border.__wrapped__(7)
    assert [sent.event.raw for sent in again.sent] == [sent.event.raw for sent in border().sent]
    assert {event.id for event in border(8).minted}.isdisjoint(event.id for event in border().minted)
    assert set(sources_of(7, POSTS)).isdisjoint(sources_of(8, POSTS))


def test_a_folder_holds_one_simulation(tmp_path: Path) -> None:
    longer, shorter = (simulated(seed=1, sources=sources_of(1, 3), days=days, start=START) for days in (9, 4))
    for simulation in (longer, shorter, longer, shorter):
        files = write(simulation, tmp_path, {})
        assert sorted(files) == sorted(tmp_path.glob("*.jsonl"))
        assert b"".join(file.read_bytes() for file in files).splitlines() == [sent.event.raw for sent in simulation.sent]


def test_one_post_more_changes_no_other() -> None:
    fewer = {event.raw for event in border(7, POSTS - 1).minted}
    assert fewer < {event.raw for event in border().minted}


def test_every_event_is_valid_and_every_sequence_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for event in border().minted:
        assert decode(event.raw).id == event.id
        numbers.setdefault(event.source, []).append(event.sequence)
    assert len(numbers) == POSTS
    for each in numbers.values():
        assert each == list(range(1, len(each) + 1))


def test_a_third_of_the_time_each_line_is_down_so_events_arrive_late_and_in_order() -> None:
    late = [sent.at - datetime.fromisoformat(json.loads(sent.event.raw)["time"]) for sent in border().sent]
    assert 0.2 < sum(each > timedelta(minutes=1) for each in late) / len(late) < 0.5
    assert max(late) > timedelta(days=1)
    last: dict[str, int] = {}
    first_seen: Counter[str] = Counter()
    for sent in border().sent:
        if not first_seen[sent.event.id]:
            assert sent.event.sequence == last.get(sent.event.source, 0) + 1
            last[sent.event.source] = sent.event.sequence
        first_seen[sent.event.id] += 1
    assert len(border().sent) > len(border().minted), "some are sent twice"


def test_clocks_go_wrong_and_no_device_goes_back_on_a_subject() -> None:
    times: dict[tuple[str, str], list[datetime]] = {}
    for event in border().minted:
        times.setdefault((event.source, event.subject), []).append(datetime.fromisoformat(json.loads(event.raw)["time"]))
    assert all(before < after for each in times.values() for before, after in pairwise(each))
    all_of: dict[str, list[datetime]] = {}
    for event in border().minted:
        all_of.setdefault(event.source, []).append(datetime.fromisoformat(json.loads(event.raw)["time"]))
    assert any(before > after for each in all_of.values() for before, after in pairwise(each)), "a clock that was ahead was set right"


def test_what_the_line_knows_happens_in_it() -> None:
    types = Counter(event.type.split(".", 2)[2] for event in border().minted)
    assert set(types) == {
        "incident.reported.v1",
        "incident.updated.v1",
        "incident.retracted.v1",
        "crossing.recorded.v1",
        "crossing.corrected.v1",
        "post.reported.v1",
    }
    outcomes = Counter(incident["outcome"] for incident in plan()["incidents"].values())
    assert set(outcomes) == {"breach", "needs_facts", "border_event", "exempt", "no_breach", "not_applicable"}


def test_kinds_have_the_proportions_of_the_published_incidents() -> None:
    kinds = Counter(incident["kind"] for incident in plan()["incidents"].values())
    # 14 of the 45 published on land are crossings, 6 are smuggling; 15 % are matters of the regime instead.
    assert kinds["crossing"] / kinds.total() == pytest.approx(14 / 45 * 0.85, abs=0.08)
    assert kinds["smuggling"] / kinds.total() == pytest.approx(6 / 45 * 0.85, abs=0.06)


def test_the_plan_is_what_the_events_come_to() -> None:
    """The plan folds nothing; folding everything that was minted must come to the same."""
    events: dict[str, list[Any]] = {}
    for sent in border().sent:
        event = decode(sent.event.raw)
        if isinstance(event, IncidentEvent):
            events.setdefault(event.subject, []).append(event)
    incidents = {subject: fold(of) for subject, of in events.items()}
    assert {subject: judge(incident, pack_of(incident)).outcome for subject, incident in incidents.items()} == {
        subject: incident["outcome"] for subject, incident in plan()["incidents"].items()
    }
    assert {subject for subject, incident in incidents.items() if incident.retracted} == {
        subject for subject, incident in plan()["incidents"].items() if incident["retracted"]
    }


def recorded(**changes: Any) -> Recorded:
    """A record that holds exactly the plan, but for the changes."""
    receipts = {
        source: [Receipt(sequence, event_id, "recorded", incident) for sequence, (event_id, incident) in enumerate(events, start=1)]
        for source, events in plan()["receipts"].items()
    }
    crossings = {(gate, direction, what): count for gate, direction, what, count in plan()["crossings"]}
    whole: dict[str, Any] = {"incidents": dict(plan()["incidents"]), "receipts": receipts, "crossings": crossings}
    return Recorded(**(whole | changes))


def test_a_record_that_holds_the_plan_differs_in_nothing() -> None:
    assert list(differences(plan(), recorded())) == []


def test_each_difference_has_a_name() -> None:
    source, subject = next((source, events[0][1]) for source, events in plan()["receipts"].items() if events[0][1])
    receipts = dict(recorded().receipts)
    first, second, *rest = receipts[source]
    receipts[source] = [second._replace(status="conflict"), *rest, Receipt(999, "strange", "recorded", "inc-strange")]
    incidents = {**plan()["incidents"], "inc-strange": plan()["incidents"][subject]}
    changed = next(each for each in incidents if each not in (subject, "inc-strange"))
    del incidents[subject]
    incidents[changed] = incidents[changed] | {"outcome": "other"}
    gate, *_ = crossings = next(iter(recorded().crossings))
    counts = {**recorded().crossings, crossings: 1}
    named = list(differences(plan(), recorded(receipts=receipts, incidents=incidents, crossings=counts)))
    assert [sentence.partition(":")[0] for sentence in named] == [
        f"{source} số 1 ({first.id})",
        f"{source} số 2 ({second.id})",
        f"{source} số 2 ({second.id})",
        f"{source} số 999 (strange)",
        *sorted([subject, "inc-strange", changed]),
        " ".join(crossings),
    ]
    assert gate in named[-1]


class Clock:
    """A clock that only waiting moves on, and what else takes time."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("rate", [0.3, 1, 7, 50])
def test_events_go_one_by_one_evenly_at_a_rate(rate: float) -> None:
    clock = Clock()
    went = [(clock.now - 5000, list(group)) for group in paced(range(200), Pace(rate, clock=clock), sleep=clock.sleep)]
    assert [group for _, group in went] == [[number] for number in range(200)]
    assert [at for at, _ in went] == pytest.approx([number / rate for number in range(200)])


def test_what_was_held_up_goes_at_once_and_the_rate_holds_on_the_whole() -> None:
    clock, went = Clock(), []
    for group in paced(range(100), Pace(10, clock=clock), sleep=clock.sleep):
        went.append(list(group))
        if 20 in group:
            clock.sleep(3)  # the centre does not answer
    assert [group for group in went if len(group) > 1] == [list(range(21, 51))]
    assert clock.now == pytest.approx(5000 + 9.9)
