"""What reports need of the record's tables: when each event is from, and that what was published or issued stands."""

from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from sinks.postgres import upgrade as upgrade_module
from sinks.postgres.engine import connect
from sinks.postgres.upgrade import upgrade
from sinks.record.database import Database
from tests import builders
from tests.integration.test_crossing_counts import corrected
from tests.support.classified_batches import Log
from tests.support.postgres import Databases
from tests.support.rows import contents, one, rows

STARTS = "SELECT type, occurred_start FROM event ORDER BY source, id"
NOTICE = {
    "status": "actual",
    "interval": {"start": "2025-12-27T00:00:00.1234567+07:00", "end": "2025-12-28T00:00:00Z"},
    "incidents": 0,
    "crossings": 0,
}
BASELINE = """
INSERT INTO baseline (unit, period, regime, figure, value, source, file_sha256, loaded_at)
VALUES ('lang-son', '2018', NULL, 'breach.total', 4, 'Bài 20/01/2020', 'x', now())
"""


def said() -> list[dict[str, object]]:
    recorded = builders.crossing()
    report = builders.reported()
    fixed = corrected(recorded, 7)
    fixed["data"]["interval"] = {"start": "2025-12-28t10:30:00z", "end": "2025-12-28T11:00:00Z"}
    notice = builders.envelope("post.reported", NOTICE, subject="tan-thanh")
    return [recorded, fixed, notice, report, builders.updated(report["subject"], {"side": "VN"}), builders.retracted(report["subject"])]


def test_an_event_is_from_when_it_says_it_happened(engine: Engine) -> None:
    database = Database(engine)
    database.record(Log(database).batch(said()))
    starts = {kind: start and start.isoformat() for kind, start in rows(engine, STARTS)}
    assert starts == {
        "vn.mocgioi.crossing.recorded.v1": "2025-12-28T04:00:00+00:00",
        "vn.mocgioi.crossing.corrected.v1": "2025-12-28T10:30:00+00:00",
        "vn.mocgioi.post.reported.v1": "2025-12-26T17:00:00.123456+00:00",
        "vn.mocgioi.incident.reported.v1": "2025-12-28T02:00:00+00:00",
        "vn.mocgioi.incident.updated.v1": None,
        "vn.mocgioi.incident.retracted.v1": None,
    }


def test_the_migration_fills_in_what_the_program_would_have_and_leaves_the_evidence_guarded(engine: Engine, databases: Databases) -> None:
    database = Database(engine)
    database.record(Log(database).batch(said()))
    before = rows(engine, "SELECT *, body::text AS body FROM event ORDER BY source, id")

    url = databases.empty()
    old = connect(url)
    with old.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(upgrade_module.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for row in before:
            values = row._asdict()
            if not row.type.startswith("vn.mocgioi.incident."):
                values["occurred_start"] = None
            names = ", ".join(f'"{name}"' for name in values)
            connection.execute(text(f"INSERT INTO event ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values)
    upgrade(url)
    assert rows(old, "SELECT *, body::text AS body FROM event ORDER BY source, id") == before
    with pytest.raises(IntegrityError, match="what was said stands"), old.begin() as connection:
        connection.execute(text("UPDATE event SET occurred_start = NULL"))
    old.dispose()
    databases.drop(url)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM baseline",
        "TRUNCATE baseline",
        "UPDATE baseline SET value = 5",
        "UPDATE baseline SET withdrawn_at = now(), withdrawn_reason = 'sai', value = 5",
        "DELETE FROM issued_report",
        "UPDATE issued_report SET as_of = now()",
        "TRUNCATE issued_report CASCADE",
        "UPDATE issued_document SET content = ''",
        "DELETE FROM issued_document",
    ],
)
def test_what_was_published_or_issued_stands(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(BASELINE))
        connection.execute(
            text(
                "INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at) "
                "VALUES ('lang-son', 'nd09', '2019', 1, now(), 'so-ngoai-vu-lang-son', 'x', '{}', now())"
            )
        )
        connection.execute(text("INSERT INTO issued_document VALUES ('lang-son', 'nd09', '2019', 1, 'md', 'abc', 'x')"))
    before = contents(engine, "baseline", "issued_report", "issued_document")
    with pytest.raises(IntegrityError, match="what was said stands"), engine.begin() as connection:
        connection.execute(text(statement))
    assert contents(engine, "baseline", "issued_report", "issued_document") == before


def test_a_baseline_is_withdrawn_once_and_makes_room_for_another(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BASELINE)
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(BASELINE)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE baseline SET withdrawn_at = now()")
        connection.execute("UPDATE baseline SET withdrawn_at = now(), withdrawn_reason = 'sai'")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE baseline SET withdrawn_at = NULL, withdrawn_reason = NULL")
        connection.execute(BASELINE)


def test_numbers_of_issued_reports_are_the_databases(engine: Engine) -> None:
    with engine.begin() as connection:
        for version in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at) "
                    "VALUES ('lang-son', 'nd09', '2019', :version, now(), 'x', 'x', '{}', now())"
                ),
                {"version": version},
            )
    assert one(engine, "SELECT array_agg(number ORDER BY version) FROM issued_report") == [1, 2]
