"""A gate pair is one gate in the record, whichever side's name an event used."""

from sqlalchemy import Engine

from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log
from tests.support.rows import rows

NAMES = ("tan-thanh", "Tân Thanh", "Pò Chài", "PO CHAI", "浦寨", "Puzhai")


def test_crossings_naming_either_side_of_a_pair_are_rows_of_one_gate(engine: Engine) -> None:
    database = Database(engine)
    records = [builders.crossing(gate=name, counts=[{"what": "vehicles", "n": 10}]) for name in NAMES]
    assert len({record["subject"] for record in records}) == len(NAMES), "their subjects differ, and play no part"
    database.record(Log(database).batch(records))
    assert [tuple(row) for row in rows(engine, "SELECT gate, sum(n)::int FROM crossing GROUP BY gate")] == [("tan-thanh", 60)]


def test_an_incident_at_either_side_of_a_pair_counts_for_the_gates_province(engine: Engine) -> None:
    database = Database(engine)
    reports = [
        builders.reported(builders.incident(place={"scheme": "gate", "gate": name}), subject=f"inc-{n}") for n, name in enumerate(NAMES)
    ]
    database.record(Log(database).batch(reports))
    by_province = rows(engine, "SELECT province, count(*)::int FROM incident GROUP BY province")
    assert [tuple(row) for row in by_province] == [("lang-son", len(NAMES))]
