# shuffled the same way in every run, on purpose
"""What is computed can be computed again: the same rows, from what was said."""

import random

import pytest
from sqlalchemy import Engine

from agreement import judged_state
from agreement.judge import RuleCrash
from sinks.record.database import Database
from sinks.record.rebuild import rebuild
from tests import builders
from tests.integration.test_crossing_counts import corrected
from tests.integration.test_incident_versions import story
from tests.support.classified_batches import Log
from tests.support.rows import contents, one, rows

COMPUTED = ("incident_state", "crossing_state")


@pytest.fixture
def lived(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database in which everything happened."""
    database = Database(engine)
    log = Log(database)
    records = [builders.crossing() for _ in range(4)]
    events = [
        *(event for _ in range(6) for event in story()),
        *(builders.reported() for _ in range(10)),
        *records,
        *(corrected(record, 5 + hours, hours=hours) for record in records for hours in (1, 2)),
        builders.retracted("inc-nobody-reported"),
    ]
    random.Random(3).shuffle(events)
    for start in range(0, len(events), 4):
        database.record(log.batch(events[start : start + 4]))

    def crash(incident: object, pack: object) -> None:
        raise RuleCrash("art21.1")

    with monkeypatch.context() as broken:
        broken.setattr(judged_state, "judge", crash)
        database.record(log.batch([builders.updated(events[0]["subject"], {"side": "both"}), *story()[:2]]))
    return engine


def test_a_rebuild_of_a_sound_record_changes_no_row(lived: Engine) -> None:
    before = contents(lived, *COMPUTED)
    done = rebuild(lived)
    assert contents(lived, *COMPUTED) == before
    assert (done.states_repaired, done.states_appended) == (0, 0)
    assert done.incidents == one(lived, "SELECT count(*) FROM incident") > 10
    assert done.crossing_records == 4
    assert one(lived, "SELECT count(*) FROM crossing_state WHERE superseded_at IS NOT NULL") > 0


def test_a_rebuild_restores_what_was_spoilt(lived: Engine) -> None:
    before = contents(lived, *COMPUTED)
    with lived.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE incident_state SET side = 'VN', outcome = 'exempt', measures = NULL, clauses = '{}', superseded_at = NULL WHERE NOT judge_failed"
        )
        connection.exec_driver_sql("TRUNCATE crossing_state")
    done = rebuild(lived)
    assert contents(lived, *COMPUTED) == before
    assert done.states_repaired > 10


def test_a_version_under_yesterdays_rules_is_not_judged_again(lived: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with lived.begin() as connection:
        connection.exec_driver_sql("UPDATE incident_state SET judge_version = 0")
        connection.exec_driver_sql("UPDATE verdict SET judge_version = 0")
    before = contents(lived, "incident_state")
    monkeypatch.setattr(judged_state, "judge", None)
    assert rebuild(lived).states_repaired == 0
    assert contents(lived, "incident_state") == before


def test_lost_versions_are_appended_from_the_events(lived: Engine) -> None:
    outcomes = "SELECT subject, outcome, side, complete, retracted FROM incident WHERE NOT judge_failed ORDER BY subject"
    before = rows(lived, outcomes)
    crashed = {subject for (subject,) in rows(lived, "SELECT subject FROM incident WHERE judge_failed")}
    with lived.begin() as connection:
        connection.exec_driver_sql("DELETE FROM incident_state WHERE superseded_at IS NULL")
    done = rebuild(lived)
    assert done.states_appended > 10
    assert [row for row in rows(lived, outcomes) if row[0] not in crashed] == list(before)
    assert one(lived, "SELECT count(*) FROM incident") == len(before) + len(crashed)
