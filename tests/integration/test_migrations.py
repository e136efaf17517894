from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from sinks import upgrade as upgrade_module
from sinks.tables import metadata
from sinks.upgrade import current, head, upgrade
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
