"""Positions know the last record read; resets of them are kept; a dead letter is known by more than its place."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

POSITIONS = """
ALTER TABLE consumed_offset ADD COLUMN last_offset BIGINT, ADD COLUMN last_timestamp BIGINT, ADD COLUMN last_digest TEXT;
CREATE TABLE position_reset (
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    reset_at timestamptz NOT NULL,
    reset_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    log TEXT NOT NULL,
    before JSON NOT NULL,
    after JSON NOT NULL,
    CONSTRAINT pk_position_reset PRIMARY KEY (number),
    CONSTRAINT ck_position_reset_nfc CHECK (reset_by IS NFC NORMALIZED AND reason IS NFC NORMALIZED)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON position_reset FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

DEAD_LETTERS = """
ALTER TABLE dead_letter DROP CONSTRAINT pk_dead_letter;
ALTER TABLE dead_letter ADD CONSTRAINT pk_dead_letter PRIMARY KEY (log, topic, partition, "offset", received_at, sha256);
"""


def upgrade() -> None:
    op.execute(POSITIONS)
    op.execute(DEAD_LETTERS)


def downgrade() -> None:
    raise NotImplementedError("two dead letters of one place would become one, and the resets would be forgotten")
