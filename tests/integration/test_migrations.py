from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from sinks import upgrade as upgrade_module
from sinks.record import Database
from sinks.tables import metadata
from sinks.upgrade import current, head, upgrade
from tests import builders
from tests.support.deliveries import Log
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


@pytest.mark.parametrize(
    "start",
    [
        "2019-12-14T23:59:59.1234567+07:00",
        "2019-12-14T23:59:59,123Z",
        "2019-12-14T23:59:59\u221207:00",
        "2019-12-14t23:59z",
        "2019-12-14T23:59:59.5+0700",
    ],
)
def test_the_upgrade_reads_every_time_that_the_doorway_reads(engine: Engine, start: str) -> None:
    database = Database(engine)
    database.record(Log(database).batch([builders.crossing(interval={"start": start, "end": "2019-12-16T00:00:00Z"})]))
    with engine.begin() as connection:
        known = connection.execute(text("SELECT occurred_start FROM event")).scalar_one()
        for statement in (
            "DROP INDEX ix_event_occurred_start, ix_event_notice, ix_crossing_interval_start, ix_crossing_superseded_interval_start",
            "ALTER TABLE event DISABLE TRIGGER append_only",
            "UPDATE event SET occurred_start = NULL",
            "ALTER TABLE event ENABLE TRIGGER append_only",
            import_module("sinks.migrations.versions.0003_reports").OCCURRED,
        ):
            connection.exec_driver_sql(statement)
        assert connection.execute(text("SELECT occurred_start FROM event")).scalar_one() == known
