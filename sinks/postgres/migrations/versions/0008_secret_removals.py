"""Which source records were removed because they held a secret, by whom and why."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE secret_removal (
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    removed_by TEXT NOT NULL,
    confirmed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_secret_removal PRIMARY KEY (number),
    CONSTRAINT ck_secret_removal_two_persons CHECK (lower(removed_by) <> lower(confirmed_by)),
    CONSTRAINT ck_secret_removal_nfc CHECK (removed_by IS NFC NORMALIZED AND confirmed_by IS NFC NORMALIZED AND reason IS NFC NORMALIZED)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON secret_removal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE secret_removal")
