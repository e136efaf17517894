"""What the record itself says of incidents that need a person: their class, what was done about them, and who sees them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import Engine, text

from border.provinces import Province
from duty.flash import FLASH
from duty.planning import Candidate, PlanConfig, plan
from sinks.postgres.engine import connect
from sinks.postgres.roles import WORKER
from sinks.postgres.scope import scoped
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.postgres import as_role
from tests.support.rows import one, rows


def minute(number: int) -> str:
    return (builders.NOON + timedelta(minutes=number)).isoformat()


def classes(engine: Engine) -> dict[str, str]:
    return dict(rows(engine, "SELECT subject, class FROM attention"))


def test_the_table_of_the_flash_class_is_that_of_the_program(engine: Engine) -> None:
    assert set(rows(engine, "SELECT kind, act FROM flash_class")) == {(each.kind, each.act or "") for each in FLASH}


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("shooting", {}, "flash"),
        ("violence", {}, "flash"),
        ("marker_damage", {"state": "destroyed"}, "flash"),
        ("marker_damage", {"state": "moved", "cause": "natural"}, "flash"),
        ("marker_damage", {"state": "damaged", "cause": "deliberate"}, "breach"),
        ("marker_damage", {}, "needs_facts"),
        ("gun_hunting", {}, "needs_facts"),
        ("sea_obstruction", {"act": "detained"}, "flash"),
        ("sea_obstruction", {"act": ["chased", "detained", "property_taken"]}, "flash"),
        ("sea_obstruction", {"act": ["chased", "property_taken"]}, None),
        ("disease", {}, None),
    ],
)
def test_an_incident_has_a_class_where_it_needs_a_person(
    engine: Engine, database: Database, log: Log, kind: str, facts: dict[str, object], expected: str | None
) -> None:
    event = builders.reported(builders.incident(kind=kind, facts=facts))
    database.record(log.batch([event]))
    assert classes(engine).get(event["subject"]) == expected


@pytest.mark.parametrize("change", [{"status": "exercise"}, {"status": "test"}, {"status": "draft"}])
def test_what_is_not_actual_needs_nobody(engine: Engine, database: Database, log: Log, change: dict[str, object]) -> None:
    database.record(log.batch([builders.reported(builders.incident(kind="shooting", facts={}) | change)]))
    assert classes(engine) == {}


def test_what_is_retracted_needs_nobody(engine: Engine, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="shooting", facts={}))
    database.record(log.batch([event, builders.retracted(event["subject"])]))
    assert classes(engine) == {}


def test_the_first_acknowledgement_the_newest_assignment_and_the_newest_deadline_stand(
    engine: Engine, database: Database, log: Log
) -> None:
    event = builders.reported(builders.incident(kind="shooting", facts={}))
    subject = event["subject"]
    acts = [
        builders.duty("acknowledged", subject, time=minute(1)),
        builders.duty("acknowledged", subject, data={"by": "binh"}, time=minute(2)),
        builders.duty("assigned", subject, data={"to": "binh", "due": "2030-01-01T00:00:00+07:00"}, time=minute(3)),
        builders.duty("assigned", subject, data={"to": "chi"}, time=minute(4)),
        builders.duty("noted", subject, data={"note": "đã gọi đồn"}, time=minute(5)),
    ]
    database.record(log.batch([event, *acts]))
    seen = rows(engine, "SELECT acknowledged_by, assigned_to, due FROM attention")
    assert seen == [("an", "chi", datetime(2029, 12, 31, 17, tzinfo=UTC))]


def test_facts_that_make_it_worse_are_news_until_somebody_acknowledges(engine: Engine, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={}))
    worse = builders.updated(event["subject"], {"facts": {"state": "destroyed"}})
    same = builders.updated(event["subject"], {"text": "đã chụp ảnh"}, time=minute(90))
    database.record(log.batch([event]))
    ((reported_at,),) = rows(engine, "SELECT received_at FROM attention")
    later = reported_at + timedelta(milliseconds=1)  # so much the log here moves from event to event
    database.record(log.batch([worse]))
    database.record(log.batch([same]))
    assert rows(engine, "SELECT class, received_at FROM attention") == [("flash", later)]
    database.record(log.batch([builders.duty("acknowledged", event["subject"], time=minute(120))]))
    assert rows(engine, "SELECT class, received_at FROM attention") == [("flash", reported_at)]


def acknowledged(engine: Engine) -> tuple[str | None, str | None]:
    """Who acknowledged the one incident, and who did when it was less than it is."""
    ((acknowledged_by, outgrown_by),) = rows(engine, "SELECT acknowledged_by, outgrown_by FROM attention")
    return acknowledged_by, outgrown_by


@pytest.mark.parametrize("seen_as", [None, "needs_facts"])
def test_an_acknowledgement_of_less_does_not_hold_for_what_turns_out_flash(
    engine: Engine, database: Database, log: Log, seen_as: str | None
) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={}))
    subject = event["subject"]
    first = builders.duty("acknowledged", subject, data={"seen_as": seen_as} if seen_as else {}, time=minute(5))
    database.record(log.batch([event]))
    database.record(log.batch([first]))
    assert acknowledged(engine) == ("an", None)
    before = one(engine, "SELECT max(recorded_at) FROM event")
    database.record(log.batch([builders.updated(subject, {"facts": {"state": "destroyed"}})]))
    assert acknowledged(engine) == (None, "an")
    facts_at = one(engine, "SELECT max(received_at) FROM event")
    assert rows(engine, "SELECT class, received_at FROM attention") == [("flash", facts_at)], "it is news of that moment"
    again = builders.duty("acknowledged", subject, data={"by": "binh", "seen_as": "flash"}, time=minute(90))
    database.record(log.batch([again]))
    assert acknowledged(engine) == ("binh", "an")
    then = "SELECT acknowledged_by FROM duty_state_as_of(:at)"
    assert [row.acknowledged_by for row in rows(engine, then, at=before)] == ["an"], "as the record had it then"
    database.record(log.batch([builders.updated(subject, {"facts": {"state": "damaged"}}, time=minute(100))]))
    assert acknowledged(engine) == ("an", None), "it is less again"


def test_an_acknowledgement_that_was_on_its_way_when_the_facts_came_does_not_hold(engine: Engine, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={}))
    database.record(log.batch([event]))
    worse = builders.updated(event["subject"], {"facts": {"state": "destroyed"}})
    database.record(log.batch([worse, builders.duty("acknowledged", event["subject"], data={"seen_as": "needs_facts"}, time=minute(90))]))
    assert acknowledged(engine) == (None, "an")


def test_who_acknowledged_missing_facts_follows_them_to_the_breach(engine: Engine, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="marker_damage", facts={}))
    act = builders.duty("acknowledged", event["subject"], data={"seen_as": "needs_facts"})
    database.record(log.batch([event, act]))
    database.record(log.batch([builders.updated(event["subject"], {"facts": {"state": "damaged", "cause": "deliberate"}})]))
    assert classes(engine) == {event["subject"]: "breach"}
    assert acknowledged(engine) == ("an", None)


def test_who_may_be_woken_is_the_same_for_the_record_and_for_the_program(engine: Engine) -> None:
    now, tick, minutes = datetime(2026, 11, 27, 3, tzinfo=UTC), timedelta(microseconds=1), timedelta(minutes=1)
    config = PlanConfig(wake=timedelta(hours=30), known=timedelta(days=5))
    vias, known_for = (None, "phone", "import"), (None, -minutes, config.known, config.known + tick)
    received, reported = (now + minutes, now, now - config.wake, now - config.wake - tick), (now, now - timedelta(days=90))
    query = "SELECT wakes(CAST(:via AS text), :reported_at, :received_at, CAST(:known_at AS timestamptz), :now, :wake, :known)"
    answers = Counter[bool]()
    for via, known, received_at, reported_at in product(vias, known_for, received, reported):
        known_at = None if known is None else reported_at - known
        moments = {"via": via, "reported_at": reported_at, "received_at": received_at, "known_at": known_at}
        by_record = one(engine, query, now=now, wake=config.wake, known=config.known, **moments)
        rest = dict.fromkeys(Candidate._fields) | {"subject": "inc-1", "kind": "shooting", "side": "CN", "reporter": "/posts/a/d1"}
        candidate = Candidate(**rest | {"alert_class": "flash"} | moments)  # type: ignore[arg-type]
        assert bool(plan([candidate], now, config)) == by_record, moments
        answers[by_record] += 1
    assert answers == {True: 36, False: 60}


def test_a_posts_device_acknowledges_nothing(engine: Engine, database: Database, log: Log) -> None:
    event = builders.reported(builders.incident(kind="shooting", facts={}))
    act = builders.duty("acknowledged", event["subject"], source=event["source"])
    database.record(log.batch([event, act]))
    assert rows(engine, "SELECT acknowledged_at FROM attention") == [(None,)]


@pytest.mark.parametrize(("province", "seen"), [("lang-son", True), ("cao-bang", False), (None, True)])
def test_an_officer_sees_the_incidents_of_the_own_province(
    database: Database, log: Log, database_url: str, province: str | None, seen: bool
) -> None:
    database.record(log.batch([builders.reported(builders.incident(kind="shooting", facts={}))]))
    engine = connect(as_role(database_url, WORKER))
    with scoped(engine, None if province is None else Province(province)) as connection:
        for view in ("incident", "event", "attention"):
            assert connection.execute(text(f"SELECT count(*) FROM duty.{view}")).scalar() == seen
    engine.dispose()


def test_whoever_forgets_to_say_the_province_sees_nothing_and_the_tables_are_out_of_reach(
    engine: Engine, database: Database, log: Log
) -> None:
    database.record(log.batch([builders.reported(builders.incident(kind="shooting", facts={}))]))
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL ROLE mocgioi_duty"))
        assert connection.execute(text("SELECT count(*) FROM duty.incident")).scalar() == 0
        with pytest.raises(Exception, match="permission denied"):
            connection.execute(text("SELECT count(*) FROM public.incident_state"))
    assert one(engine, "SELECT count(*) FROM incident_state") == 1
