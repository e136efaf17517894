"""Four PostgreSQL roles: each may do what it needs, and what keeps the record as it was recorded is out of reach of all but the owner.

That nothing is missing is shown by the tests of the record, of the workers and of the commands, which run as these roles.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Engine, text

from sinks.postgres.clock import as_of_now
from sinks.postgres.engine import connect
from sinks.postgres.requirements import Unusable
from sinks.postgres.roles import DUTY, GRAFANA, READER, RIGHTS, WORKER, Role, connected_as
from sinks.postgres.server import ROLE, EmbeddedServer
from sinks.postgres.tables import metadata
from sinks.postgres.upgrade import upgrade
from sinks.record.database import Database
from tests import builders
from tests.support.classified_batches import Log, dead_letter
from tests.support.commands import Command, role_for, write_events
from tests.support.compose import OWNER, ROOT
from tests.support.postgres import as_role, create_roles, open_folder
from tests.support.rows import contents, one, rows

RUNBOOK = ROOT / "deploy" / "runbooks" / "roles.md"
TABLES = sorted(metadata.tables)
OURS = """
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'i' AND refclassid = 'pg_class'::regclass)
UNION SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
"""
"""What of ours somebody could be given a right to. An identity column's sequence goes with its table."""
HELD = """
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || relname, privilege_type FROM pg_class, aclexplode(relacl)
WHERE relnamespace = 'public'::regnamespace AND grantee IN (0, CAST(:role AS regrole))
UNION SELECT 'TABLE ' || relname, privilege_type || ' (' || attname || ')'
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
WHERE relnamespace = 'public'::regnamespace AND grantee IN (0, CAST(:role AS regrole))
UNION SELECT 'FUNCTION ' || oid::regprocedure, privilege_type FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
WHERE pronamespace = 'public'::regnamespace AND prosecdef AND grantee IN (0, CAST(:role AS regrole))
"""
"""What a role may do, itself or because everybody may."""

NEVER = (
    "ALTER TABLE event DISABLE TRIGGER append_only",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER append_only ON event",
    "CREATE TRIGGER quiet BEFORE DELETE ON event EXECUTE FUNCTION refuse_change()",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SET session_replication_role = replica",
    f"SET ROLE {ROLE}",
    f"SET SESSION AUTHORIZATION {ROLE}",
    f"GRANT {ROLE} TO CURRENT_USER",
    "ALTER TABLE event OWNER TO CURRENT_USER",
    "DROP TABLE event",
    "CREATE TABLE mine (n int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    *(f"TRUNCATE {table}" for table in TABLES),
    *(f"DELETE FROM {table}" for table in TABLES if table != "crossing_state"),
    "UPDATE event SET recorded_at = now()",
    "UPDATE verdict SET outcome = 'exempt'",
    "UPDATE incident_state SET outcome = 'exempt'",
    "UPDATE incident SET recorded_at = now()",
    "UPDATE crossing_state SET n = 0",
    "UPDATE rejudging SET reason = ''",
    "UPDATE consumed_offset SET log = 'another'",
    "UPDATE dead_letter SET reason = ''",
    "UPDATE conflict SET body = '{}'",
    "UPDATE baseline SET value = 0",
    "UPDATE issued_report SET report = '{}'",
    "SELECT setval('record_clock', 1)",
    "SELECT nextval('record_clock')",
    "SELECT lo_export(1, '/tmp/x')",
    "COPY event TO PROGRAM 'true'",
)
"""What no role but the owner may do."""
READERS_NEVER = (
    *(
        f"INSERT INTO {table} DEFAULT VALUES"
        for table in ("event", "verdict", "incident_state", "dead_letter", "consumed_offset", "rejudging")
    ),
    "DELETE FROM crossing_state",
    "UPDATE incident_state SET superseded_at = now()",
    "UPDATE consumed_offset SET next_offset = 0",
    "UPDATE dead_letter SET payload = NULL",
    "UPDATE conflict SET settled_at = now()",
)
WORKERS_NEVER = tuple(
    f"INSERT INTO {table} DEFAULT VALUES" for table in ("baseline", "issued_report", "issued_document", "report_run", "report_built")
)


def test_every_table_of_the_record_has_its_rights_decided(engine: Engine) -> None:
    """A new table, view, sequence or function with its owner's rights needs a line in `sinks.postgres.roles`."""
    assert {name for (name,) in rows(engine, OURS)} == set(RIGHTS)


@pytest.mark.parametrize("role", [WORKER, READER, GRAFANA])
def test_a_role_may_do_what_is_written_and_nothing_else(engine: Engine, role: str) -> None:
    held = sorted(f"{right} ON {target}" for target, right in rows(engine, HELD, role=role))
    assert held == sorted(written(role))
    assert not one(engine, "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = :role", role=role)
    members = rows(
        engine, "SELECT roleid::regrole::text, inherit_option FROM pg_auth_members WHERE member = CAST(:role AS regrole)", role=role
    )
    assert members == ([(DUTY, False)] if role == WORKER else [])


def written(role: str) -> Iterator[str]:
    """The rights of a role, one by one: `UPDATE (a, b)` is two."""
    for target, rights in RIGHTS.items():
        whole, _, columns = rights.get(role, "").partition("UPDATE (")
        yield from (f"{right} ON {target}" for right in whole.split(", ") if right)
        yield from (f"UPDATE ({column}) ON {target}" for column in columns.rstrip(")").split(", ") if column)


@pytest.fixture
def recorded(database: Database, log: Log, engine: Engine) -> Engine:
    """A record with something in each table that a worker fills."""
    event = builders.reported()
    database.record(log.batch([event, builders.crossing(), builders.reported(id=event["id"])], [dead_letter(b"not json")]))
    return engine


@pytest.mark.fault(
    what="a worker's or a reader's password in the wrong hands",
    how="`DISABLE TRIGGER`, `session_replication_role`, `SET ROLE`, TRUNCATE, DELETE, UPDATE and DDL on every table, as that role",
    then="PostgreSQL refuses each; the record is as it was",
)
@pytest.mark.parametrize(("role", "more"), [(WORKER, WORKERS_NEVER), (READER, READERS_NEVER), (GRAFANA, READERS_NEVER + WORKERS_NEVER)])
def test_the_record_is_out_of_reach(recorded: Engine, database_url: str, role: str, more: tuple[str, ...]) -> None:
    before = contents(recorded, *TABLES)
    with psycopg.connect(as_role(database_url, role), autocommit=True) as session:
        session.execute("SET search_path = public")
        for statement in (*NEVER, *more):
            with pytest.raises(errors.InsufficientPrivilege):
                session.execute(statement)
    assert contents(recorded, *TABLES) == before


def test_who_may_call_the_clock_cannot_put_another_in_its_place(worker: Engine, reader: Engine, engine: Engine) -> None:
    for other in (worker, reader):
        with other.begin() as session:
            session.execute(text("CREATE TEMPORARY SEQUENCE record_clock"))
            session.execute(text("SET LOCAL search_path = pg_temp, public"))
            before = one(engine, "SELECT last_value FROM public.record_clock")
            session.execute(text("SELECT public.record_now()"))
            assert one(engine, "SELECT last_value FROM public.record_clock") > before
            assert not session.execute(text("SELECT is_called FROM pg_temp.record_clock")).scalar_one()


SHOWN = {
    "incident": {"subject", "kind", "outcome", "side", "province", "gate", "markers", "marker", "occurred_start", "month", "page"},
    "attention": {
        *(
            "subject",
            "class",
            "kind",
            "side",
            "province",
            "gate",
            "markers",
            "post",
            "occurred_start",
            "received_at",
            "imported",
            "alerting",
        ),
        *("acknowledged_at", "acknowledged_by", "assigned_to", "due", "page"),
    },
    "crossing": {"gate", "direction", "interval_start", "interval_end", "what", "n"},
    "notification": {"subject", "alert", "receiver", "status", "at"},
    "probe": {"recorded_at"},
}


def test_dashboards_see_these_columns_and_nothing_else(recorded: Engine, database_url: str) -> None:
    readable = """
    SELECT nspname, relname, attname FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid JOIN pg_namespace ON relnamespace = pg_namespace.oid
    WHERE attnum > 0 AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        AND has_schema_privilege('grafana', nspname, 'USAGE') AND has_column_privilege('grafana', pg_class.oid, attnum, 'SELECT')
    """
    seen = {(schema, view, column) for schema, view, column in rows(recorded, readable)}
    assert seen == {("grafana", view, column) for view, columns in SHOWN.items() for column in columns}
    with psycopg.connect(as_role(database_url, GRAFANA)) as session:  # its own schema comes first: a panel says `incident`
        assert session.execute("SELECT kind, side, province, markers FROM incident").fetchall() == [("works", "CN", "lang-son", ["1088/2"])]
        assert session.execute("SELECT gate, direction, n FROM crossing").fetchall() != []
        assert session.execute("SELECT class, post FROM attention").fetchall() == [("breach", "tan-thanh")]
        pages = "SELECT page = %s || '/duty/incidents/' || subject FROM incident"
        assert session.execute(pages, ("",)).fetchall() == [(True,)]
        session.execute("SET mocgioi.public_url = 'https://bien-gioi.example'")  # as `deploy/postgres/init` sets it for the role
        assert session.execute(pages, ("https://bien-gioi.example",)).fetchall() == [(True,)]


def test_dashboards_do_not_count_what_reports_do_not(database: Database, log: Log, database_url: str) -> None:
    exercise, withdrawn = builders.reported(builders.incident(status="exercise")), builders.reported()
    unreported = builders.updated("inc-unreported", {"side": "VN"})
    database.record(log.batch([exercise, withdrawn, builders.retracted(withdrawn["subject"]), unreported]))
    with psycopg.connect(as_role(database_url, GRAFANA)) as session:
        assert session.execute("SELECT * FROM incident").fetchall() == []
        assert session.execute("SELECT * FROM attention").fetchall() == []


def test_what_was_given_by_hand_is_taken_away_by_the_next_upgrade(engine: Engine, database_url: str) -> None:
    """The first installations let dashboards read every table."""
    with engine.begin() as connection:
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO grafana"))
        connection.execute(text("GRANT UPDATE (body), DELETE ON event TO mocgioi_worker"))
    upgrade(database_url)
    for role in (WORKER, GRAFANA):
        test_a_role_may_do_what_is_written_and_nothing_else(engine, role)


def test_roles_made_after_the_tables_have_their_rights_at_the_next_upgrade() -> None:
    """As on a managed server, where somebody else makes roles. Without them everything works for the owner, as on an embedded one."""
    home = open_folder()
    try:
        with EmbeddedServer(home) as url:
            assert upgrade(url) == []
            Log(Database(url))
            create_roles(url)
            with pytest.raises(Unusable, match=r"permission denied .* deploy/runbooks/roles.md"):
                as_of_now(connect(as_role(url, READER)))
            assert upgrade(url) == [GRAFANA, READER, WORKER]
            Log(Database(as_role(url, WORKER)))
            as_of_now(connect(as_role(url, READER)))
    finally:
        shutil.rmtree(home)


def test_the_record_knows_who_could_rewrite_it(engine: Engine, worker: Engine, reader: Engine) -> None:
    assert [connected_as(connected) for connected in (engine, worker, reader)] == [
        Role(ROLE, True),
        Role(WORKER, False),
        Role(READER, False),
    ]
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE event OWNER TO mocgioi_worker"))
    assert connected_as(worker) == Role(WORKER, True)


def test_a_command_under_the_wrong_role_says_so_and_loses_nothing(command: Command, database_url: str, tmp_path: Path) -> None:
    first, second = (write_events(tmp_path / f"{number}.jsonl", [builders.reported()]) for number in range(2))
    assert command("ingest", first).code == 0
    for arguments, role in ((["ingest", second], READER), (["db", "rebuild"], WORKER), (["incidents", "list"], GRAFANA)):
        done = command(*arguments, MOCGIOI_DATABASE_URL=as_role(database_url, role))
        said = done.err.splitlines()[-1]
        assert (done.code, said.partition(": permission denied")[0]) == (3, "problem: database"), arguments
        assert said.endswith("deploy/runbooks/roles.md")
    done = command("db", "upgrade", MOCGIOI_DATABASE_URL=as_role(database_url, WORKER))
    assert (done.code, [code for code, _ in done.problems]) == (3, ["database"])
    assert command("ingest", second, "--json").document["accepted"] == 1


def test_the_runbook_says_of_each_command_the_role_it_is_tested_with() -> None:
    table = re.findall(r"^\| `(mocgioi_\w+)` \|[^|]*\|([^|]*)\|", RUNBOOK.read_text(), re.MULTILINE)
    said = {command: role for role, commands in table for command in re.findall(r"`([^`]+)`", commands)}
    assert set(said.values()) == {OWNER, WORKER, READER}
    tested = {command: role_for(command.split()) for command in said}
    assert said == {command: OWNER if role == ROLE else role for command, role in tested.items()}
