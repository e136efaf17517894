from pathlib import Path

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from schemas.validation import decode
from sinks.postgres import upgrade as upgrade_module
from sinks.postgres.engine import connect
from sinks.postgres.tables import metadata
from sinks.postgres.upgrade import current, head, upgrade
from tests import builders
from tests.support.postgres import Databases


def test_migrations_make_exactly_the_tables_the_program_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        checks = {
            (table, check["name"])
            for table in inspect(connection).get_table_names()
            for check in inspect(connection).get_check_constraints(table)
        }
    wanted = {
        (table.name, constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.__visit_name__ == "table_or_column_check_constraint" or "ck_" in str(constraint.name)
    }
    assert checks == wanted


def test_a_new_database_has_no_revision_and_an_upgraded_one_the_newest(databases: Databases) -> None:
    url = databases.empty()
    assert current(url) is None
    upgrade(url)
    assert current(url) == head()
    upgrade(url)
    assert current(url) == head()
    databases.drop(url)


def test_the_head_is_what_alembic_takes_for_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(upgrade_module.__file__).parent / "migrations"))
    assert head() == ScriptDirectory.from_config(config).get_current_head()


def test_the_upgrade_reads_every_time_that_validation_reads(databases: Databases) -> None:
    """Revision 0003 fills in when counts and notices are from, of events recorded before it."""
    starts = (
        "2019-12-14T23:59:59.1234567+07:00",
        "2019-12-14T23:59:59,123Z",
        "2019-12-14T23:59:59\u221207:00",
        "2019-12-14t23:59z",
        "2019-12-14T23:59:59.5+0700",
    )
    events = [builders.crossing(interval={"start": start, "end": "2019-12-16T00:00:00Z"}) for start in starts]
    url = databases.empty()
    upgrade(url, "0002")
    with psycopg.connect(url) as connection:
        for event in events:
            connection.execute(
                """
                INSERT INTO event (source, id, subject, type, time, sequence, body, log, topic, partition, "offset", received_at, recorded_at)
                VALUES (%(source)s, %(id)s, %(subject)s, %(type)s, %(time)s, %(sequence)s::bigint, %(body)s, 'log', 'topic', 0, 0, %(time)s, %(time)s)
                """,
                {name: event[name] for name in ("source", "id", "subject", "type", "time", "sequence")}
                | {"body": builders.payload(event).decode()},
            )
    upgrade(url)
    with psycopg.connect(url) as connection:
        filled_in = dict(connection.execute("SELECT id, occurred_start FROM event").fetchall())
    databases.drop(url)
    assert filled_in == {event["id"]: decode(builders.payload(event)).data.interval.start for event in events}  # type: ignore[union-attr]


def test_the_levels_of_reports_come_and_go_with_their_revision_and_what_was_issued_stays(databases: Databases) -> None:
    url = databases.empty()
    upgrade(url, "0012")
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO issued_report (unit, regime, period, version, as_of, issued_by, data_sha256, report, issued_at)"
            " VALUES ('lang-son', 'nd09', '2019', 1, now(), 'so-ngoai-vu-lang-son', 'x', '{}', now())"
        )
    engine = connect(url)
    for _ in range(2):
        upgrade(url)
        with engine.begin() as connection:
            assert {"report_act", "officer"} <= {*inspect(connection).get_table_names(), *inspect(connection).get_view_names()}
            config = Config()
            config.set_main_option("script_location", str(Path(upgrade_module.__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.downgrade(config, "0012")
        with engine.connect() as connection:
            assert not inspect(connection).has_table("report_act")
            assert connection.execute(text("SELECT count(*) FROM issued_report")).scalar() == 1
    engine.dispose()
    databases.drop(url)
