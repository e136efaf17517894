"""Rejudging: when the history was judged again on purpose, why, and which versions that made."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
CREATE TABLE rejudging (
    number SERIAL NOT NULL,
    rule_pack TEXT NOT NULL,
    judge_version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_rejudging PRIMARY KEY (number),
    CONSTRAINT ck_rejudging_nfc CHECK (reason IS NFC NORMALIZED)
);
CREATE TABLE rejudged_version (
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    rejudging INTEGER NOT NULL,
    CONSTRAINT pk_rejudged_version PRIMARY KEY (subject, version),
    CONSTRAINT fk_rejudged_version_rejudging FOREIGN KEY (rejudging) REFERENCES rejudging (number)
);
""")


def downgrade() -> None:
    op.execute("DROP TABLE rejudged_version, rejudging")
