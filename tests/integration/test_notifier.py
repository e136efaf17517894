"""The notifier on a real record: what it posts, what it writes into the ledger, and that only one does."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from duty.alertmanager import AlertmanagerAway
from duty.candidates import candidates
from duty.notifier import Notifier
from duty.planning import Alert, PlanConfig
from duty.roster import Roster
from sinks.metrics import Metrics
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.rows import rows
from tests.support.workers import wait_until

MINUTE = timedelta(minutes=1)
ROSTER = Roster.model_validate(
    {
        "people": {"an": {"name": "An", "address": "truc-ban"}, "binh": {"name": "Bình", "address": "chi-huy"}},
        "shifts": [{"name": "cả ngày", "from": "00:00", "to": "00:00", "on_duty": "an", "next": ["binh"]}],
    }
)


class Inbox:
    """Stands where Alertmanager stands, and can be away."""

    def __init__(self) -> None:
        self.posts: list[tuple[list[str], list[str]]] = []
        self.is_away = False

    def post(self, standing: Iterable[Alert], ended: Iterable[Alert], now: datetime, *, stand_for: timedelta) -> None:
        if self.is_away:
            raise AlertmanagerAway("ConnectError: nobody there")
        self.posts.append(tuple([alert.labels["incident"] for alert in alerts] for alerts in (standing, ended)))

    def close(self) -> None: ...


class Desk:
    """A notifier with its inbox, and clocks that are set by hand: the record of these tests was received at noon."""

    def __init__(self, engine: Engine, **config: Any) -> None:
        self.now = builders.NOON.astimezone(UTC) + MINUTE
        self.seconds = 0.0
        self.inbox = Inbox()
        self.metrics = Metrics()
        self.notifier = Notifier(
            engine, self.inbox, self.metrics, PlanConfig(**config), clock=lambda: self.now, seconds=lambda: self.seconds
        )

    def step(self, seconds: float = 2.0) -> list[tuple[list[str], list[str]]]:
        """One step; what it posted."""
        self.seconds += seconds
        self.inbox.posts.clear()
        self.notifier.step()
        return list(self.inbox.posts)

    def metric(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


@pytest.fixture
def desk(worker: Engine) -> Iterable[Desk]:
    first = Desk(worker)
    yield first
    first.notifier.close()


def shooting(**changes: Any) -> dict[str, Any]:
    return builders.reported(builders.incident(kind="shooting", facts={}) | changes)


def ledger(engine: Engine) -> list[tuple[str, ...]]:
    return [tuple(row) for row in rows(engine, "SELECT subject, alert, status, detail FROM notification ORDER BY number")]


def test_it_posts_again_every_half_minute_until_a_person_acknowledges(desk: Desk, database: Database, log: Log, engine: Engine) -> None:
    event = shooting()
    subject = event["subject"]
    assert desk.step() == [([], [])]
    database.record(log.batch([event]))
    assert desk.step() == [([subject], [])]
    assert [desk.step() for _ in range(3)] == [[], [], []]
    assert desk.step(30) == [([subject], [])]
    assert ledger(engine) == [(subject, "flash", "posted", "cấp 0")]
    database.record(log.batch([builders.duty("acknowledged", subject)]))
    assert desk.step() == [([], [subject])]
    assert desk.step() == []
    assert ledger(engine)[1:] == [(subject, "flash", "resolved", "cấp 0")]
    assert desk.metric("border_notifications_total", result="posted") == 1
    assert desk.metric("border_notifier_last_success_timestamp_seconds") == desk.now.timestamp()


def test_what_is_withdrawn_or_no_breach_after_all_ends(desk: Desk, database: Database, log: Log) -> None:
    shot, house = shooting(), builders.reported()
    database.record(log.batch([shot, house]))
    ((standing, _),) = desk.step()
    assert set(standing) == {shot["subject"], house["subject"]}
    no_breach = builders.assessed(house["subject"], {"outcome": "no_breach"})
    database.record(log.batch([builders.retracted(shot["subject"]), no_breach]))
    ((standing, ended),) = desk.step()
    assert (standing, set(ended)) == ([], {shot["subject"], house["subject"]})


@pytest.mark.fault(
    what="Alertmanager is away",
    how="three looks of the notifier fail to post",
    then="the ledger says once what failed; what stands is posted when it answers",
)
def test_alertmanager_away_is_waited_for(desk: Desk, database: Database, log: Log, engine: Engine) -> None:
    event = shooting()
    database.record(log.batch([event]))
    desk.inbox.is_away = True
    with capture_logs() as lines:
        assert [desk.step() for _ in range(3)] == [[], [], []]
    assert [line["event"] for line in lines] == ["notifier_active", "notifier_waits"]
    assert ledger(engine) == [(event["subject"], "flash", "failed", "cấp 0: ConnectError: nobody there")]
    assert desk.metric("border_notifications_total", result="failed") == 1
    assert desk.metric("border_notifier_last_success_timestamp_seconds") == 0
    desk.inbox.is_away = False
    assert desk.step() == [([event["subject"]], [])]
    assert [status for _, _, status, _ in ledger(engine)] == ["failed", "posted"]


def test_of_two_notifiers_one_posts_and_the_other_takes_over(
    desk: Desk, worker: Engine, database: Database, log: Log, engine: Engine
) -> None:
    event = shooting()
    database.record(log.batch([event]))
    other = Desk(worker)
    assert (desk.step(), other.step()) == ([([event["subject"]], [])], [])
    assert (desk.metric("border_notifier_active"), other.metric("border_notifier_active")) == (1, 0)
    database.record(log.batch([builders.duty("acknowledged", event["subject"])]))
    desk.notifier.close()
    wait_until(other.step, "the other one has the lock")
    assert desk.step() == []
    assert [status for _, _, status, _ in ledger(engine)] == ["posted", "resolved"], "what the first posted, the second ended"
    other.notifier.close()


@pytest.mark.fault(
    what="The notifier loses its connection",
    how="the server ends the session that holds the lock, as it does 30 s after a notifier froze",
    then="another posts, and the first waits",
)
def test_a_notifier_whose_connection_ended_lets_another_go_on(desk: Desk, worker: Engine, engine: Engine) -> None:
    desk.step()
    connection = desk.notifier._connection
    assert connection is not None
    with connection.begin():
        assert connection.execute(text("SHOW idle_session_timeout")).scalar_one() == "30s", "a frozen notifier does not keep the lock"
    with engine.connect() as owner:
        owner.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
            )
        )
    other = Desk(worker)
    wait_until(other.step, "the other one has the lock")
    with capture_logs() as lines:
        assert desk.step() == []
    assert [line["event"] for line in lines] == ["notifier_waits"]
    assert desk.metric("border_notifier_active") == 0
    assert desk.step() == [], "the other one has the lock"
    other.notifier.close()
    wait_until(desk.step, "the first one has it again")


def test_an_alert_that_nobody_acknowledges_goes_to_the_next_and_the_ledger_says_so(
    worker: Engine, database: Database, log: Log, engine: Engine
) -> None:
    desk = Desk(worker, roster=ROSTER)
    event = shooting()
    database.record(log.batch([event]))
    desk.step()
    desk.now += 14 * MINUTE
    desk.step()
    assert [detail for *_, detail in ledger(engine)] == ["cấp 0 · truc-ban", "cấp 1 · chi-huy"]
    desk.notifier.close()


def test_it_goes_on_for_days_with_what_has_begun_even_as_another_process(worker: Engine, database: Database, log: Log) -> None:
    event = shooting()
    database.record(log.batch([event]))
    first, second = Desk(worker), Desk(worker)
    first.step()
    first.notifier.close()
    second.now += timedelta(days=30)
    wait_until(lambda: second.step() == [([event["subject"]], [])], "the second has the lock, and posts what the first has begun")
    second.notifier.close()


def test_a_deadline_ends_with_what_an_officer_does_about_it(desk: Desk, database: Database, log: Log) -> None:
    event = builders.reported()
    subject = event["subject"]
    due = builders.NOON + timedelta(hours=8)
    database.record(
        log.batch(
            [event, builders.duty("acknowledged", subject), builders.duty("assigned", subject, data={"to": "an", "due": due.isoformat()})]
        )
    )
    assert desk.step() == [([], [])]
    desk.now = due.astimezone(UTC) + MINUTE
    assert desk.step() == [([subject], [])]
    database.record(log.batch([builders.duty("noted", subject, data={"note": "đã làm việc"}, time=(due + 2 * MINUTE).isoformat())]))
    assert desk.step() == [([], [subject])]


def test_a_replay_an_import_an_exercise_and_a_draft_wake_nobody(desk: Desk, database: Database, log: Log, engine: Engine) -> None:
    old = {"occurred": {"start": "2019-06-03T08:00:00+07:00", "precision": "hour"}}
    event = json.dumps(shooting(**old))
    replayed = [
        json.loads(event) | {"id": f"old-{number}", "subject": f"inc-old-{number}", "sequence": f"9{number:07d}"} for number in range(2000)
    ]
    others = [builders.reported(shooting()["data"], via="import"), *(shooting(status=status) for status in ("exercise", "test", "draft"))]
    database.record(log.batch([*replayed, *others]))
    assert rows(engine, "SELECT count(*) FROM attention WHERE class = 'flash'")[0][0] == 2001, "they would be flash"
    assert desk.step() == [([], [])]
    desk.now += timedelta(days=1)
    assert desk.step(30) == [([], [])]
    assert ledger(engine) == []


def test_only_what_may_wake_is_read(database: Database, log: Log, engine: Engine) -> None:
    now = builders.NOON.astimezone(UTC) + timedelta(days=30)
    kept = builders.reported()
    database.record(log.batch([kept, *(builders.reported() for _ in range(20))]))
    with engine.connect() as connection:
        assert candidates(connection, now, PlanConfig(), []) == []
        assert [row.subject for row in candidates(connection, now, PlanConfig(), [kept["subject"]])] == [kept["subject"]]


def test_what_grows_worse_after_its_acknowledgement_wakes_again_until_that_is_acknowledged(
    desk: Desk, database: Database, log: Log, engine: Engine
) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={"state": "damaged", "cause": "deliberate"}))
    subject = event["subject"]
    database.record(log.batch([event]))
    assert desk.step() == [([subject], [])]
    database.record(log.batch([builders.duty("acknowledged", subject, data={"seen_as": "breach"})]))
    assert desk.step() == [([], [subject])]
    database.record(
        log.batch([builders.updated(subject, {"facts": {"state": "moved"}}), builders.updated(subject, {"text": "đã chụp ảnh"})])
    )
    assert [desk.step() for _ in range(3)] == [[([subject], [])], [], []]
    database.record(log.batch([builders.duty("acknowledged", subject, data={"seen_as": "flash"})]))
    assert desk.step() == [([], [subject])]
    assert [row[1:3] for row in ledger(engine)] == [
        ("breach", "posted"),
        ("breach", "resolved"),
        ("flash", "posted"),
        ("flash", "resolved"),
    ]


def test_a_marker_that_turns_out_destroyed_wakes_by_the_facts_that_say_so(desk: Desk, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={}))
    database.record(log.batch([event]))
    desk.now = builders.NOON.astimezone(UTC) + timedelta(days=2, milliseconds=1)
    assert desk.step() == [([], [])]
    database.record(log.batch([builders.updated(event["subject"], {"facts": {"state": "destroyed"}})]))
    desk.now = builders.NOON.astimezone(UTC) + timedelta(
        days=1, milliseconds=1
    )  # a day to the millisecond after the facts, more after the report
    assert desk.step() == [([event["subject"]], [])]
