"""The door: keys of devices, an audit, and of a dead letter which event of its device it was, so that its number is no gap."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The key itself is nowhere: it is random, so its plain SHA-256 cannot be turned back.
KEYS = """
CREATE TABLE device_key (
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT pk_device_key PRIMARY KEY (sha256)
);
CREATE UNIQUE INDEX uq_device_key_standing ON device_key (source) WHERE revoked_at IS NULL;
"""
AUDIT = """
CREATE TABLE audit (
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT,
    detail TEXT,
    CONSTRAINT pk_audit PRIMARY KEY (number),
    CONSTRAINT ck_audit_nfc CHECK (actor IS NFC NORMALIZED AND object IS NFC NORMALIZED AND detail IS NFC NORMALIZED)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
# What the door refuses lies in no log: a device that sends it again adds no second letter.
LETTERS = """
ALTER TABLE dead_letter ADD COLUMN sequence BIGINT, ADD COLUMN event_id TEXT, ADD COLUMN problems JSON;
CREATE INDEX ix_dead_letter_sequence ON dead_letter (source, sequence) WHERE sequence IS NOT NULL;
CREATE UNIQUE INDEX uq_dead_letter_door ON dead_letter (source, sequence, sha256) WHERE topic = 'door';
"""


def upgrade() -> None:
    op.execute(KEYS)
    op.execute(AUDIT)
    op.execute(LETTERS)


def downgrade() -> None:
    op.execute("DROP INDEX uq_dead_letter_door")
    op.execute("DROP INDEX ix_dead_letter_sequence")
    op.execute("ALTER TABLE dead_letter DROP COLUMN sequence, DROP COLUMN event_id, DROP COLUMN problems")
    op.execute("DROP TABLE audit")
    op.execute("DROP TABLE device_key")
