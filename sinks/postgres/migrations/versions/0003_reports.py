"""Reports: baselines, issued reports and their documents, runs of the periodic job; when crossing counts and notices are from."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# `occurred_start` is derived: what the event states is in `body`, which stays as it was written. So the trigger that keeps the evidence rests
# for this statement, within a transaction that locks the table for all writers. Validation also reads a decimal comma and a minus sign
# (U+2212), and cuts off digits below the microsecond.
OCCURRED = r"""
ALTER TABLE event DISABLE TRIGGER append_only;
UPDATE event SET occurred_start = regexp_replace(translate(body #>> '{data,interval,start}', ',' || chr(8722), '.-'), '([.]\d{6})\d+', '\1')::timestamptz
WHERE occurred_start IS NULL AND type IN (
    'vn.mocgioi.crossing.recorded.v1', 'vn.mocgioi.crossing.corrected.v1', 'vn.mocgioi.post.reported.v1'
);
ALTER TABLE event ENABLE TRIGGER append_only;
CREATE INDEX ix_event_occurred_start ON event (occurred_start) WHERE occurred_start IS NOT NULL;
CREATE INDEX ix_event_notice ON event (occurred_start) WHERE type = 'vn.mocgioi.post.reported.v1';
CREATE INDEX ix_crossing_interval_start ON crossing (interval_start);
CREATE INDEX ix_crossing_superseded_interval_start ON crossing_superseded (interval_start);
"""

TABLES = """
CREATE TABLE baseline (
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    regime TEXT,
    figure TEXT NOT NULL,
    value NUMERIC NOT NULL,
    source TEXT NOT NULL,
    page TEXT,
    file_sha256 TEXT NOT NULL,
    loaded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_reason TEXT,
    CONSTRAINT pk_baseline PRIMARY KEY (number),
    CONSTRAINT ck_baseline_finite CHECK (value >= 0 AND value < 'Infinity'),
    CONSTRAINT ck_baseline_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL)),
    CONSTRAINT ck_baseline_nfc CHECK (
        figure IS NFC NORMALIZED AND source IS NFC NORMALIZED AND page IS NFC NORMALIZED AND withdrawn_reason IS NFC NORMALIZED
    )
);
CREATE UNIQUE INDEX uq_baseline_standing ON baseline (unit, period, regime, figure) NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE TABLE issued_report (
    unit TEXT NOT NULL,
    regime TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    as_of timestamptz NOT NULL,
    issued_by TEXT NOT NULL,
    data_sha256 TEXT NOT NULL,
    report JSON NOT NULL,
    issued_at timestamptz NOT NULL,
    CONSTRAINT pk_issued_report PRIMARY KEY (unit, regime, period, version),
    CONSTRAINT uq_issued_report_number UNIQUE (number),
    CONSTRAINT ck_issued_report_nfc CHECK (issued_by IS NFC NORMALIZED)
);
CREATE TABLE issued_document (
    unit TEXT NOT NULL,
    regime TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    format TEXT NOT NULL,
    content BYTEA NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_issued_document PRIMARY KEY (unit, regime, period, version, format),
    CONSTRAINT fk_issued_document_issued_report FOREIGN KEY (unit, regime, period, version)
        REFERENCES issued_report (unit, regime, period, version)
);
CREATE TABLE report_run (
    number INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    ok BOOLEAN NOT NULL,
    built INTEGER NOT NULL,
    reason TEXT,
    CONSTRAINT pk_report_run PRIMARY KEY (number)
);
CREATE TABLE report_built (
    unit TEXT NOT NULL,
    regime TEXT NOT NULL,
    period TEXT NOT NULL,
    built_at timestamptz NOT NULL,
    as_of timestamptz NOT NULL,
    data_sha256 TEXT NOT NULL,
    errors INTEGER NOT NULL,
    CONSTRAINT pk_report_built PRIMARY KEY (unit, regime, period, built_at)
);
"""

# What was issued stands. A baseline may be withdrawn, once; its other columns stand too.
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_report FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_document FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE
    OR UPDATE OF number, unit, period, regime, figure, value, source, page, file_sha256, loaded_at
    ON baseline FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER withdrawn_once BEFORE UPDATE ON baseline FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(OCCURRED)
    op.execute(TABLES)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.execute("DROP TABLE issued_document, issued_report, baseline, report_run, report_built")
    op.execute("DROP INDEX ix_event_occurred_start, ix_event_notice, ix_crossing_interval_start, ix_crossing_superseded_interval_start")
