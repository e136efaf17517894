"""Crossing counts in the record: one statement a record, the latest, whatever arrived first."""

import itertools
import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from sinks.postgres.clock import as_of_now
from sinks.query.as_of import crossing_states
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.rows import contents, one, rows


def corrected(of: dict[str, Any], n: float, *, hours: int = 1, **changes: Any) -> dict[str, Any]:
    """A correction of a record (or of a correction): so many vehicles, nothing else."""
    data = {key: value for key, value in of["data"].items() if key != "corrects"} | {
        "counts": [{"what": "vehicles", "n": n}],
        "corrects": {"source": of["source"], "id": of["id"]},
    }
    later = (builders.NOON + timedelta(hours=hours)).isoformat()
    return builders.envelope("crossing.corrected", data, **({"subject": of["subject"], "time": later} | changes))


def shown(engine: Engine) -> list[Any]:
    return [
        tuple(row) for row in rows(engine, "SELECT id, position, what, n::text, nationality, stated_id FROM crossing ORDER BY id, position")
    ]


def counted_then(engine: Engine, moment: datetime) -> list[Any]:
    """What the record held then, but for how long it held."""
    states = crossing_states(moment)
    columns = [column for column in states.columns if column.name != "superseded_at"]
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(states.c.id, states.c.position))]


def test_each_count_of_a_record_is_a_row(database: Database, log: Log, engine: Engine) -> None:
    record = builders.crossing(counts=[{"what": "vehicles", "n": 120}, {"what": "goods", "n": 1234.56, "unit": "tấn", "nationality": "CN"}])
    database.record(log.batch([record]))
    assert shown(engine) == [
        (record["id"], 0, "vehicles", "120", None, record["id"]),
        (record["id"], 1, "goods", "1234.56", "CN", record["id"]),
    ]


def test_a_correction_replaces_all_counts_of_its_record(database: Database, log: Log, engine: Engine) -> None:
    record = builders.crossing()
    fixed = corrected(record, 99)
    database.record(log.batch([record]))
    then = as_of_now(engine)
    database.record(log.batch([fixed]))
    assert shown(engine) == [(record["id"], 0, "vehicles", "99", None, fixed["id"])]
    assert one(engine, "SELECT count(*) FROM crossing_state WHERE superseded_at IS NOT NULL") == 2
    states = crossing_states(then)
    with engine.connect() as connection:
        assert [int(row.n) for row in connection.execute(states.select().order_by(states.c.position))] == [120, 140]


def test_a_correction_before_its_record_waits_for_it(database: Database, log: Log, engine: Engine) -> None:
    record = builders.crossing()
    fixed = corrected(record, 99)
    database.record(log.batch([fixed]))
    assert shown(engine) == []
    database.record(log.batch([record]))
    assert shown(engine) == [(record["id"], 0, "vehicles", "99", None, fixed["id"])]
    assert one(engine, "SELECT count(*) FROM crossing_state WHERE superseded_at IS NOT NULL") == 0


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_latest_statement_stands_in_any_order_of_arrival(database: Database, log: Log, engine: Engine, order: tuple[int, ...]) -> None:
    record = builders.crossing()
    first = corrected(record, 1, hours=1)
    of_the_first = corrected(first, 2, hours=3)
    second = corrected(record, 3, hours=2, source="/posts/chi-ma/d1")
    events = [record, first, of_the_first, second]
    for place in order:
        database.record(log.batch([events[place]]))
    assert shown(engine) == [(record["id"], 0, "vehicles", "2", None, of_the_first["id"])]
    bad = "SELECT count(*) FROM crossing_state WHERE superseded_at <= recorded_at"
    assert one(engine, bad) == 0


def test_a_device_whose_clock_was_set_back_does_not_lose_its_correction(database: Database, log: Log, engine: Engine) -> None:
    record = builders.crossing()
    wrong, right = corrected(record, 1, hours=9), corrected(record, 2, hours=1)
    assert int(wrong["sequence"]) < int(right["sequence"])
    database.record(log.batch([record, right, wrong]))
    assert shown(engine) == [(record["id"], 0, "vehicles", "2", None, right["id"])]


def test_a_batch_of_all_of_them_ends_the_same(database: Database, log: Log, engine: Engine) -> None:
    record, other = builders.crossing(), builders.crossing()
    database.record(log.batch([corrected(record, 7), other, record, corrected(other, 8, hours=5), corrected(other, 9, hours=4)]))
    assert [row[3] for row in shown(engine)] == ["7", "9"], "of one device the later in its sequence"


def test_a_correction_of_nothing_and_a_circle_of_corrections_show_nothing(database: Database, log: Log, engine: Engine) -> None:
    nothing = builders.crossing()
    one_way = corrected(nothing | {"id": "b"}, 5, id="a")
    other_way = corrected(nothing | {"id": "a"}, 6, id="b")
    database.record(log.batch([one_way]))
    database.record(log.batch([other_way]))
    assert shown(engine) == []
    assert one(engine, "SELECT count(*) FROM event") == 2


def test_a_record_and_its_correction_in_two_transactions_at_once_see_each_other(database: Database, engine: Engine) -> None:
    pairs = [(record := builders.crossing(), corrected(record, 1000 + number)) for number in range(40)]
    failures: list[BaseException] = []

    def write(name: str, events: list[dict[str, Any]]) -> None:
        try:
            writer = Database(engine)
            log = Log(writer, name)
            for event in events:
                writer.record(log.batch([event]))
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"log-of-{side}", [pair[side] for pair in pairs])) for side in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {row[0]: int(row[3]) for row in shown(engine)} == {record["id"]: 1000 + number for number, (record, _) in enumerate(pairs)}
    assert len(contents(engine, "crossing")["crossing"]) == 40


def test_a_correction_of_a_correction_still_to_come_changes_nothing_before_it_comes(database: Database, log: Log, engine: Engine) -> None:
    record = builders.crossing()
    first = corrected(record, 50)
    second = corrected(first, 60, hours=2)
    database.record(log.batch([record, second]))
    then = as_of_now(engine)
    counted_before = counted_then(engine, then)
    database.record(log.batch([first]))
    assert [int(row[3]) for row in shown(engine)] == [60]
    assert counted_then(engine, then) == counted_before


def test_a_correction_of_what_is_no_count_is_kept_and_changes_nothing(database: Database, log: Log, engine: Engine) -> None:
    record, incident = builders.crossing(), builders.reported()
    stray = corrected(record, 5)
    stray["data"]["corrects"] = {"source": incident["source"], "id": incident["id"]}
    database.record(log.batch([record, incident]))
    before = shown(engine)
    database.record(log.batch([stray]))
    assert shown(engine) == before
    assert one(engine, "SELECT count(*) FROM event") == 3


@pytest.mark.fault(
    what="A count is corrected again and again",
    how="one device corrects its own correction 3,000 times, each naming the one before",
    then="each correction costs as much as the first; the last one stands",
)
def test_a_chain_of_corrections_takes_as_long_as_it_is_long(database: Database, log: Log, engine: Engine) -> None:
    chain = [builders.crossing()]
    for number in range(3000):
        chain.append(corrected(chain[-1], number))
    begun = time.monotonic()
    for start in range(0, len(chain), 600):
        database.record(log.batch(chain[start : start + 600]))
    assert time.monotonic() - begun < 25, "with a look at every correction for each it takes minutes"
    (last,) = shown(engine)
    assert last[-1] == chain[-1]["id"]
