# shuffled the same way in every run, on purpose
"""An incident in the record: the fold of all its events, a version for every change, the same whatever came first."""

import itertools
import random
import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from agreement import judged_state
from agreement.incident import Incident
from agreement.judge import RuleCrash
from agreement.judged_state import FoldInput, JudgedState
from agreement.packs import Pack
from schemas.events import IncidentEvent
from schemas.validation import read
from schemas.verdicts import Verdict
from sinks.postgres.clock import as_of_now
from sinks.query.backlog import backlog
from sinks.query.incidents import incident_shown, incidents
from sinks.record.database import Database
from sinks.record.states import findings_json
from tests import builders
from tests.support.classified_batches import Log, classified_event
from tests.support.figures import counted
from tests.support.rows import contents, one, rows


def at(hours: float) -> str:
    return (builders.NOON + timedelta(hours=hours)).isoformat()


def house(**facts: Any) -> dict[str, Any]:
    """A new permanent house of which `facts` are known."""
    return builders.incident(facts={"structure": "nhà ở", "purpose": "other", "permanent": True, "change": "new"} | facts)


def story() -> list[dict[str, Any]]:
    """The events of one incident: a report that lacks facts, two updates that give them, an assessment, and an update after it."""
    first = builders.reported(house())
    subject = first["subject"]
    return [
        first,
        builders.updated(subject, {"facts": {"distance_m": 40}}, time=at(1)),
        builders.updated(subject, {"facts": {"distance_m": 12, "agreed": False}, "side": "VN"}, time=at(2), source="/posts/tan-thanh/d2"),
        builders.assessed(subject, {"outcome": "no_breach"}, time=at(3), source="/offices/so-ngoai-vu-lang-son"),
        builders.updated(subject, {"facts": {"distance_m": None}}, time=at(4)),
    ]


def no_fallback() -> Verdict:
    raise AssertionError("no rule crashes here")


def judged_together(bodies: Iterable[bytes]) -> JudgedState:
    """What all these events together come to."""
    events = [event for event in map(read, bodies) if isinstance(event, IncidentEvent)]
    return judged_state.first_state(FoldInput(events), no_fallback)


def test_each_change_is_a_version_and_the_newest_is_the_incident(database: Database, log: Log, engine: Engine) -> None:
    events = story()
    for event in events:
        database.record(log.batch([event]))
    assert rows(
        engine,
        "SELECT version, machine_outcome, outcome, side, assessed, facts_after_assessment FROM incident_state ORDER BY version",
    ) == [
        (1, "needs_facts", "needs_facts", "CN", False, False),
        (2, "no_breach", "no_breach", "CN", False, False),
        (3, "breach", "breach", "VN", False, False),
        (4, "breach", "no_breach", "VN", True, False),
        (5, "needs_facts", "no_breach", "VN", True, True),
    ]
    assert rows(engine, "SELECT version, outcome, machine_outcome FROM incident") == [(5, "no_breach", "needs_facts")]
    stamps = [stamp for (stamp,) in rows(engine, "SELECT recorded_at FROM incident_state ORDER BY version")]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("batches", [1, 2, 3, 5])
def test_any_order_and_any_batching_end_in_the_same_incident(database: Database, log: Log, engine: Engine, batches: int) -> None:
    whole_story = story()
    wanted = judged_together(map(builders.payload, whole_story)).state
    shuffled = random.Random(batches)
    for attempt in range(6):
        subject = f"inc-{attempt}"
        events = [
            event | {"subject": subject, "id": f"{event['id']}-{attempt}", "sequence": str(index * 100 + attempt)}
            for index, event in enumerate(whole_story)
        ]
        shuffled.shuffle(events)
        for part in range(batches):
            database.record(log.batch(events[part::batches]))
        stored = rows(
            engine, "SELECT outcome, machine_outcome, side, assessed, facts_after_assessment FROM incident WHERE subject = :s", s=subject
        )
        assert stored == [(wanted.outcome, wanted.machine_outcome, wanted.side, wanted.assessed, wanted.facts_after_assessment)]
        assert one(engine, "SELECT count(*) FROM incident_state WHERE subject = :s", s=subject) <= batches


def test_an_update_before_its_report_is_kept_incomplete_and_completed(database: Database, log: Log, engine: Engine) -> None:
    report, update = story()[:2]
    database.record(log.batch([update]))
    assert rows(engine, "SELECT version, complete, kind, outcome FROM incident") == [(1, False, None, "not_applicable")]
    assert counted(engine, "outcome") == {}
    database.record(log.batch([report]))
    assert rows(engine, "SELECT version, complete, kind, outcome FROM incident") == [(2, True, "works", "no_breach")]
    assert counted(engine, "outcome") == {"no_breach": 1}


def test_a_retraction_is_final_whatever_is_said_after(database: Database, log: Log, engine: Engine) -> None:
    event = builders.reported()
    database.record(log.batch([event]))
    assert counted(engine, "breach") == {"CN": 1}
    database.record(log.batch([builders.retracted(event["subject"], time=at(1))]))
    database.record(log.batch([builders.updated(event["subject"], {"side": "VN"}, time=at(2))]))
    assert rows(engine, "SELECT retracted, version FROM incident") == [(True, 3)]
    assert counted(engine, "breach") == {}


def test_as_known_on_is_what_the_record_held_then(database: Database, log: Log, engine: Engine) -> None:
    events = story()
    moments = []
    before = as_of_now(engine)
    for event in events:
        database.record(log.batch([event]))
        moments.append(as_of_now(engine))
    assert incidents(engine, as_of=before) == []
    assert [incidents(engine, as_of=moment)[0]["outcome"] for moment in moments] == [
        *("needs_facts", "no_breach", "breach", "no_breach", "no_breach")
    ]
    assert incidents(engine, as_of=moments[-1]) == incidents(engine)
    assert counted(engine, "breach", as_of=moments[2]) == {"VN": 1}
    shown = incident_shown(engine, events[0]["subject"], as_of=moments[1])
    assert shown is not None
    assert (shown["version"], len(shown["events"]), len(shown["versions"])) == (2, 2, 2)


def test_nothing_can_appear_before_a_moment_already_reported(database: Database, engine: Engine) -> None:
    """While writers run, two looks at the same moment see the same."""
    stop = threading.Event()

    def write(name: str) -> None:
        log = Log(Database(engine), name)
        while not stop.is_set():
            Database(engine).record(log.batch([builders.reported() for _ in range(20)]))

    writers = [threading.Thread(target=write, args=(f"writer-{number}",)) for number in range(2)]
    for writer in writers:
        writer.start()
    seen = []
    try:
        for _ in range(25):
            moment = as_of_now(engine)
            seen.append((moment, len(incidents(engine, as_of=moment))))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert seen[-1][1] > seen[0][1]
    assert [(moment, len(incidents(engine, as_of=moment))) for moment, _ in seen] == seen


def crash(incident: Incident, pack: Pack) -> Verdict:
    raise RuleCrash("art21.1") from ZeroDivisionError()


def test_a_crash_of_a_rule_keeps_the_event_and_the_last_outcome(
    database: Database, log: Log, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = story()
    with monkeypatch.context() as broken:
        broken.setattr(judged_state, "judge", crash)
        assert database.record(log.batch([first])).judge_failures == 0  # nothing to judge: classify's verdict stands
        assert database.record(log.batch([second])).judge_failures == 1
    assert rows(engine, "SELECT version, judge_failed, outcome FROM incident") == [(2, True, "needs_facts")]
    shown = incident_shown(engine, first["subject"])
    assert shown is not None
    assert shown["folded"]["facts"]["distance_m"] == 40.0
    assert backlog(engine).judge_failed == 1
    assert database.record(log.batch([builders.updated(first["subject"], {"text": "đã sửa luật"}, time=at(5))])).judge_failures == 0
    assert rows(engine, "SELECT version, judge_failed, outcome FROM incident") == [(3, False, "no_breach")]


def test_a_crash_on_a_whole_new_incident_keeps_what_classify_said(
    database: Database, log: Log, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judged_state, "judge", crash)
    assert database.record(log.batch(story()[:3])).judge_failures == 1
    assert rows(engine, "SELECT version, judge_failed, outcome FROM incident") == [(1, True, "needs_facts")]


def test_a_lone_report_folds_as_any_other() -> None:
    rich = builders.incident(
        measures=[{"what": "persons", "n": 3, "of": {"wanted": 1}}],
        handling=[{"action": "protest_letter", "at": at(0)}],
        confidence={"source": "B"},
        known_at=at(-1),
        direction="CN-VN",
        text="Nhà ở xây trong phạm vi 30 m",
        attachments=[{"name": "ảnh", "sha256": "0" * 64, "media_type": "image/jpeg"}],
    )
    for data in (
        builders.incident(),
        rich,
        house(),
        builders.incident(kind="patrol", facts={}),
        builders.incident(place={"scheme": "gate", "gate": "tan-thanh"}),
    ):
        one_event = classified_event(builders.payload(builders.reported(data)))
        assert judged_together([one_event.raw]).state == one_event.row.incident


def batches_of(events: list[dict[str, Any]], shuffled: random.Random) -> Iterator[list[dict[str, Any]]]:
    shuffled.shuffle(events)
    while events:
        size = shuffled.randint(1, 12)
        yield events[:size]
        events = events[size:]


def test_two_writers_on_the_same_incidents_end_with_exact_folds(database: Database, engine: Engine) -> None:
    shuffled = random.Random(7)
    stories = [story() for _ in range(60)]
    events = list(itertools.chain.from_iterable(stories))
    shuffled.shuffle(events)
    failures: list[BaseException] = []

    def write(name: str, own: list[dict[str, Any]], seed: int) -> None:
        try:
            writer = Database(engine)
            log = Log(writer, name)
            for batch in batches_of(own, random.Random(seed)):
                writer.record(log.batch(batch))
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            failures.append(error)

    # A third of the events reach both writers, as after a producer's retry.
    parts = [events[: len(events) * 2 // 3], events[len(events) // 3 :]]
    threads = [threading.Thread(target=write, args=(f"log-of-{number}", list(part), number)) for number, part in enumerate(parts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert one(engine, "SELECT count(*) FROM event") == len(events)
    newest = contents(engine, "incident")["incident"]
    for subject_story in stories:
        wanted, verdict, _ = judged_together(map(builders.payload, subject_story))
        stored = rows(
            engine,
            "SELECT outcome, machine_outcome, side, findings_of(incident_state)::text FROM incident_state"
            " WHERE subject = :subject AND superseded_at IS NULL",
            subject=subject_story[0]["subject"],
        )
        assert stored == [(wanted.outcome, wanted.machine_outcome, wanted.side, findings_json(verdict.findings).decode())]
    assert len(newest) == len(stories)
    assert (
        one(
            engine,
            "SELECT count(*) FROM incident_state a JOIN incident_state b USING (subject)"
            " WHERE a.version < b.version AND a.recorded_at >= b.recorded_at",
        )
        == 0
    )
    assert one(engine, "SELECT count(*) FROM (SELECT FROM incident_state GROUP BY subject HAVING max(version) <> count(*))") == 0


def test_a_list_says_when_an_incident_was_over_as_its_fold_does(database: Database, log: Log, engine: Engine) -> None:
    years = {"start": "2021-01-01T00:00:00+07:00", "end": "2023-01-01T00:00:00+07:00", "precision": "year"}
    first = builders.reported(builders.incident(occurred=years))
    database.record(log.batch([first, builders.reported()]))
    then = as_of_now(engine)
    over = builders.updated(first["subject"], {"occurred": years | {"end": "2022-01-01T00:00:00+07:00"}}, time=at(1))
    database.record(log.batch([over]))
    database.record(log.batch([builders.updated(first["subject"], {"occurred": years}, time=at(2), source="/posts/cao-bang/d1")]))
    (listed,) = (row for row in incidents(engine) if row["incident"] == first["subject"])
    assert listed["occurred_end"] == "2022-01-01T00:00:00+07:00"
    assert {row["incident"]: row["occurred_end"] for row in incidents(engine, as_of=then)}[first["subject"]] == years["end"]
    assert [row["occurred_end"] for row in incidents(engine) if row["incident"] != first["subject"]] == [None]
