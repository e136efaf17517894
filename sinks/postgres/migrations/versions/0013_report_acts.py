"""Levels of issued reports: what officers did with each version, and a view of who they are for those who may not read passwords."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ACTS = """
CREATE TABLE report_act (
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    unit TEXT NOT NULL,
    regime TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    act TEXT NOT NULL,
    by TEXT NOT NULL,
    by_office TEXT NOT NULL,
    reason TEXT,
    at timestamptz NOT NULL,
    CONSTRAINT pk_report_act PRIMARY KEY (number),
    CONSTRAINT fk_report_act_issued_report FOREIGN KEY (unit, regime, period, version)
        REFERENCES issued_report (unit, regime, period, version),
    CONSTRAINT ck_report_act_act CHECK (act IN ('submitted', 'returned', 'approved', 'locked', 'unlock_requested', 'unlocked')),
    CONSTRAINT ck_report_act_nfc CHECK (reason IS NFC NORMALIZED)
);
CREATE INDEX ix_report_act_unit_regime_period_version ON report_act (unit, regime, period, version);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON report_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE VIEW officer AS SELECT login, role, province, office FROM duty_user WHERE disabled_at IS NULL;
"""


def upgrade() -> None:
    op.execute(ACTS)


def downgrade() -> None:
    op.execute("DROP VIEW officer")
    op.execute("DROP TABLE report_act")
