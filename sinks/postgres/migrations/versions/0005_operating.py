"""A clock that never goes back; payloads removed after their time; which making of a log a position is of; conflicts that are settled."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A sequence is what every transaction sees and moves at once, and what a rollback leaves as it is. It holds the newest stamp, in
# microseconds since 1970. Reading and moving it are two steps: the advisory lock makes them one. It is a session's, since a transaction's
# would last until the commit and writers would wait for each other; so it is given back whatever happens, a cancelled query too.
CLOCK = """
CREATE SEQUENCE record_clock;
SELECT setval('record_clock', (extract(epoch FROM greatest(
    clock_timestamp(), (SELECT max(recorded_at) FROM incident_state), (SELECT max(recorded_at) FROM event), (SELECT max(recorded_at) FROM rejudging)
)) * 1000000)::bigint);
CREATE FUNCTION record_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    key CONSTANT bigint := x'6D6F634E6F77'::bigint;
    now_us bigint;
BEGIN
    PERFORM pg_advisory_lock(key);
    now_us := setval('record_clock', greatest(nextval('record_clock'), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint));
    PERFORM pg_advisory_unlock(key);
    RETURN timestamptz 'epoch' + now_us * interval '1 microsecond';
EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM pg_advisory_unlock(key);
    RAISE;
END $$;
"""

DEAD_LETTERS = """
ALTER TABLE dead_letter ADD COLUMN payload_removed_at timestamptz;
ALTER TABLE dead_letter ADD CONSTRAINT ck_dead_letter_removed CHECK (payload IS NULL OR payload_removed_at IS NULL);
"""

CONFLICTS = """
ALTER TABLE conflict ADD COLUMN settled_at timestamptz;
CREATE INDEX ix_event_settled ON event (subject) WHERE type = 'vn.mocgioi.conflict.settled.v1';
"""
POSITIONS = "ALTER TABLE consumed_offset ADD COLUMN incarnation TEXT"


def upgrade() -> None:
    op.execute(CLOCK)
    op.execute(DEAD_LETTERS)
    op.execute(CONFLICTS)
    op.execute(POSITIONS)


def downgrade() -> None:
    op.execute("DROP INDEX ix_event_settled")
    op.execute("ALTER TABLE conflict DROP COLUMN settled_at")
    op.execute("ALTER TABLE consumed_offset DROP COLUMN incarnation")
    op.execute("ALTER TABLE dead_letter DROP COLUMN payload_removed_at")
    op.execute("DROP FUNCTION record_now")
    op.execute("DROP SEQUENCE record_clock")
