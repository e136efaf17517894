"""Who may do what in the record's database: five PostgreSQL roles, and one table of what each of them needs.

The owner migrates: the role that ran `mocgioi db upgrade` owns the tables and needs no grant. The other three are created beforehand, since
they belong to the whole server (`deploy/postgres/init`, `deploy/runbooks/roles.md`). Every upgrade ends with `grant`: it gives each role what
the table below says and takes away all else. So a role that is created later gets its rights at the next upgrade. On a server without these
roles, such as an embedded one, `grant` does nothing.
"""

from typing import NamedTuple

from sqlalchemy import Connection, Engine, text

from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.requirements import Unusable

WORKER, READER, GRAFANA = "mocgioi_worker", "mocgioi_reader", "grafana"
DUTY = "mocgioi_duty"
"""The role that the officers' pages read as. It sees the views in the schema `duty`, and nothing else. No one logs in as it."""

RIGHTS = {
    # What is appended is the worker's and what is issued the reader's; what rewrites the record (`mocgioi db rebuild`) is the owner's.
    "TABLE alembic_version": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE event": {WORKER: "SELECT, INSERT", READER: "SELECT"},
    "TABLE verdict": {WORKER: "SELECT, INSERT", READER: "SELECT"},
    "TABLE incident_state": {WORKER: "SELECT, INSERT, UPDATE (superseded_at)", READER: "SELECT"},
    "TABLE incident": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE crossing_state": {WORKER: "SELECT, INSERT, DELETE", READER: "SELECT"},  # a correction works the rows of its record out anew
    "TABLE crossing": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE rejudging": {WORKER: "SELECT, INSERT", READER: "SELECT"},
    "SEQUENCE rejudging_number_seq": {WORKER: "USAGE"},
    "TABLE rejudged_version": {WORKER: "SELECT, INSERT", READER: "SELECT"},
    "TABLE consumed_offset": {
        WORKER: "SELECT, INSERT, UPDATE (next_offset, incarnation, last_offset, last_timestamp, last_digest)",
        READER: "SELECT",
    },
    # Resetting positions and removing a secret are the owner's acts: both go past what a worker may do.
    "TABLE position_reset": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE secret_removal": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE dead_letter": {WORKER: "SELECT, INSERT, UPDATE (redriven_at, payload, payload_removed_at)", READER: "SELECT"},
    # The door is a worker: it reads keys. Whoever enrols devices (`mocgioi devices`) writes them, and no payload.
    "TABLE device_key": {WORKER: "SELECT, INSERT, UPDATE (revoked_at)", READER: "SELECT"},
    "TABLE audit": {WORKER: "SELECT, INSERT", READER: "SELECT, INSERT"},
    "TABLE flash_class": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE duty_user": {WORKER: "SELECT, INSERT, UPDATE (role, province, office, password_hash, disabled_at, failures, locked_until)"},
    "TABLE officer": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE duty_session": {WORKER: "SELECT, INSERT, UPDATE (seen_at, expires_at)"},
    "TABLE notification": {WORKER: "SELECT, INSERT", READER: "SELECT"},
    "TABLE probe": {WORKER: "SELECT, INSERT, UPDATE (sent_at, received_at, recorded_at)", READER: "SELECT"},
    "TABLE duty_state": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE attention": {WORKER: "SELECT", READER: "SELECT"},
    "TABLE conflict": {WORKER: "SELECT, INSERT, UPDATE (settled_at)", READER: "SELECT"},
    "TABLE baseline": {READER: "SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_reason)"},
    "TABLE issued_report": {READER: "SELECT, INSERT"},
    "TABLE issued_document": {READER: "SELECT, INSERT"},
    "TABLE report_act": {READER: "SELECT, INSERT"},
    "TABLE report_run": {WORKER: "SELECT", READER: "SELECT, INSERT"},
    "TABLE report_built": {READER: "SELECT, INSERT"},
    # The clock runs with its owner's rights: whoever stamps, or chooses the moment of a report, moves it forward and cannot set it.
    "SEQUENCE record_clock": {WORKER: "SELECT", READER: "SELECT"},
    "FUNCTION record_now()": {WORKER: "EXECUTE", READER: "EXECUTE"},
}
"""Each table, view, sequence and function with an owner's rights: what a role may do with it. Nothing, where a role is not named.

Dashboards see no object of these: theirs are the views in the schema `grafana`, all of them, and nothing else; likewise `DUTY` and `duty`.
"""


class Role(NamedTuple):
    """The role we are connected as."""

    name: str
    owns_record: bool
    """Whether it may switch off what keeps events as they were recorded: the tables' owner, its members, a superuser."""


def connected_as(engine: Engine) -> Role:
    """The role of an engine's URL, on a database that is migrated. Raises `Unavailable`."""
    with away_is_unavailable(), engine.connect() as connection:
        return _role(connection)


def grant(connection: Connection) -> list[str]:
    """Give each of the three roles that the server has exactly its rights. Returns their names. Raises `Unusable` for who is not the owner."""
    if not (role := _role(connection)).owns_record:  # PostgreSQL would only warn
        raise Unusable(
            f"{role.name}: không sở hữu các bảng, dùng vai trò đã tạo ra chúng · does not own the tables, use the role that made them"
        )
    names = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names) ORDER BY rolname")
    roles = list(connection.execute(names, {"names": [WORKER, READER, GRAFANA]}).scalars())
    for target, rights in RIGHTS.items():
        for name in roles:
            connection.execute(text(f"REVOKE ALL ON {target} FROM {name}"))
            if name in rights:
                connection.execute(text(f"GRANT {rights[name]} ON {target} TO {name}"))
    for name, schema in ((GRAFANA, "grafana"), (DUTY, "duty")):
        if connection.execute(names, {"names": [name]}).first():
            connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {name}"))
            connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {name}"))
    return roles


def _role(connection: Connection) -> Role:
    query = "SELECT current_user, pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'event'::regclass"
    return Role(*connection.execute(text(query)).one())
