"""Who may do what in the record's database: four PostgreSQL roles, and one table of what each of them needs.

The owner migrates: whoever ran `mocgioi db upgrade` owns the tables and needs no grant. The other three are made beforehand (they belong to
the whole server: `deploy/postgres/init`, `deploy/runbooks/roles.md`). `grant` ends every upgrade. It takes away what the table below does not
give and gives what it does, so the table is the whole truth, and a role that is made later has its rights at the next upgrade. On a server
without these roles, such as an embedded one, it does nothing.
"""

from sqlalchemy import Connection, text

WORKER, READER, GRAFANA = "mocgioi_worker", "mocgioi_reader", "grafana"

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
    "TABLE consumed_offset": {WORKER: "SELECT, INSERT, UPDATE (next_offset, incarnation)", READER: "SELECT"},
    "TABLE dead_letter": {WORKER: "SELECT, INSERT, UPDATE (redriven_at, payload, payload_removed_at)", READER: "SELECT"},
    "TABLE conflict": {WORKER: "SELECT, INSERT, UPDATE (settled_at)", READER: "SELECT"},
    "TABLE baseline": {READER: "SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_reason)"},
    "TABLE issued_report": {READER: "SELECT, INSERT"},
    "TABLE issued_document": {READER: "SELECT, INSERT"},
    "TABLE report_run": {WORKER: "SELECT", READER: "SELECT, INSERT"},
    "TABLE report_built": {READER: "SELECT, INSERT"},
    # The clock runs with its owner's rights: whoever stamps, or chooses the moment of a report, moves it forward and cannot set it.
    "SEQUENCE record_clock": {WORKER: "SELECT", READER: "SELECT"},
    "FUNCTION record_now()": {WORKER: "EXECUTE", READER: "EXECUTE"},
}
"""Each table, view, sequence and function with an owner's rights: what a role may do with it. Nothing, where a role is not named.

Dashboards see no object of these: theirs are the views in the schema `grafana`, all of them, and nothing else.
"""


def grant(connection: Connection) -> list[str]:
    """Give each of the three roles that the server has exactly its rights. Returns their names. Needs to be the owner."""
    wanted = {"names": [WORKER, READER, GRAFANA]}
    roles = list(connection.execute(text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names) ORDER BY rolname"), wanted).scalars())
    for target, rights in RIGHTS.items():
        for role in roles:
            connection.execute(text(f"REVOKE ALL ON {target} FROM {role}"))
            if role in rights:
                connection.execute(text(f"GRANT {rights[role]} ON {target} TO {role}"))
    if GRAFANA in roles:
        connection.execute(text(f"GRANT USAGE ON SCHEMA grafana TO {GRAFANA}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA grafana TO {GRAFANA}"))
    return roles
