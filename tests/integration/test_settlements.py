"""A conflict that an office settles: which body counts from then on, in the record, as of before, and in a rebuild."""

from typing import Any

import pytest
from sqlalchemy import Engine

from sinks.postgres.clock import as_of_now
from sinks.query.backlog import backlog
from sinks.query.incidents import incident_shown, incidents
from sinks.record.database import Database
from sinks.record.rebuild import rebuild
from tests import builders
from tests.support.classified_batches import Log
from tests.support.figures import counted
from tests.support.rows import contents, one, rows


@pytest.fixture
def log(database: Database) -> Log:
    return Log(database)


def by_id() -> tuple[dict[str, Any], dict[str, Any]]:
    """A breach by China, and the same id again saying that it was Vietnam's."""
    first = builders.reported()
    return first, first | {"data": first["data"] | {"side": "VN"}}


def sides(engine: Engine, **as_of: Any) -> list[str]:
    return sorted(row["side"] for row in incidents(engine, **as_of) if row["complete"])


@pytest.mark.parametrize(("stands", "side"), [("first", "CN"), ("other", "VN")])
def test_the_body_that_an_office_lets_stand_counts_from_then_on(
    database: Database, log: Log, engine: Engine, stands: str, side: str
) -> None:
    first, other = by_id()
    database.record(log.batch([first, other]))
    assert (sides(engine), backlog(engine).conflicts) == (["CN"], 1)
    before = as_of_now(engine)
    database.record(log.batch([builders.settled(first, stands)]))
    assert (sides(engine), backlog(engine).conflicts) == ([side], 0)
    assert counted(engine, "breach") == {side: 1}
    assert sides(engine, as_of=before) == ["CN"]
    before = contents(engine, "incident_state")
    assert (rebuild(engine).states_repaired, contents(engine, "incident_state")) == (0, before)


def test_two_events_of_one_sequence_count_both_where_an_office_says_so(database: Database, log: Log, engine: Engine) -> None:
    first = builders.reported()
    other = builders.reported(builders.incident(side="VN"), sequence=first["sequence"])
    database.record(log.batch([first, other]))
    assert counted(engine, "breach") == {"CN": 1}
    database.record(log.batch([builders.settled(other, "both", data={"sequence": "00009000"}, subject=first["subject"])]))
    assert counted(engine, "breach") == {"CN": 1, "VN": 1}
    shown = incident_shown(engine, other["subject"])
    assert shown is not None
    assert (shown["side"], shown["folded"]["side"], shown["complete"]) == ("VN", "VN", True)
    database.record(log.batch([builders.updated(other["subject"], {"side": "both"}, sequence="00009001")]))
    assert counted(engine, "breach") == {"CN": 1, "both": 1}


def test_a_later_settlement_stands_over_an_earlier(database: Database, log: Log, engine: Engine) -> None:
    first, other = by_id()
    database.record(log.batch([first, other, builders.settled(first, "other")]))
    assert counted(engine, "breach") == {"VN": 1}
    later = builders.settled(first, "first", time=(builders.NOON + builders.timedelta(hours=6)).isoformat())
    database.record(log.batch([later]))
    assert counted(engine, "breach") == {"CN": 1}


def test_an_incident_that_gave_its_only_event_away_counts_nowhere(database: Database, log: Log, engine: Engine) -> None:
    first = builders.reported()
    other = builders.reported(builders.incident(side="VN"), id=first["id"], sequence=first["sequence"])
    database.record(log.batch([first, other]))
    database.record(log.batch([builders.settled(first, "other")]))
    assert counted(engine, "breach") == {"VN": 1}
    assert rows(engine, "SELECT subject, complete FROM incident WHERE NOT complete") == [(first["subject"], False)]


def test_a_post_settles_nothing(database: Database, log: Log, engine: Engine) -> None:
    first, other = by_id()
    database.record(log.batch([first, other, builders.settled(first, "other", source=first["source"])]))
    assert counted(engine, "breach") == {"CN": 1}
    assert backlog(engine).conflicts == 1


def test_a_conflict_of_counts_is_closed_and_the_recorded_body_stands(database: Database, log: Log, engine: Engine) -> None:
    first = builders.crossing()
    other = first | {"data": first["data"] | {"counts": [{"what": "vehicles", "n": 9}]}}
    database.record(log.batch([first, other, builders.settled(first, "first")]))
    assert backlog(engine).conflicts == 0
    assert one(engine, "SELECT sum(n) FROM crossing WHERE what = 'vehicles'") == 120
