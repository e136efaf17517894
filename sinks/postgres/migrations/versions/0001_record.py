"""The record: events, verdicts, incidents, crossings, positions, dead letters and conflicts."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE event (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    type TEXT NOT NULL,
    time timestamptz NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_start timestamptz,
    body JSON NOT NULL,
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    received_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (source, id),
    CONSTRAINT uq_event_source_sequence UNIQUE (source, sequence),
    CONSTRAINT ck_event_nfc CHECK (source IS NFC NORMALIZED AND id IS NFC NORMALIZED AND subject IS NFC NORMALIZED)
);
CREATE INDEX ix_event_corrects ON event ((body #>> '{data,corrects,source}'), (body #>> '{data,corrects,id}'))
    WHERE type = 'vn.mocgioi.crossing.corrected.v1';
CREATE INDEX ix_event_subject ON event (subject);
CREATE TABLE verdict (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    rule_pack TEXT NOT NULL,
    judge_version INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    findings JSON NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_verdict PRIMARY KEY (source, id, rule_pack, judge_version)
);
CREATE TABLE incident_version (
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at timestamptz NOT NULL,
    complete BOOLEAN NOT NULL,
    retracted BOOLEAN NOT NULL,
    kind TEXT,
    status TEXT,
    occurred_start timestamptz,
    occurred_precision TEXT,
    side TEXT,
    province TEXT,
    outcome TEXT NOT NULL,
    clauses TEXT[] NOT NULL,
    article39 SMALLINT[] NOT NULL,
    markers TEXT[] NOT NULL,
    machine_outcome TEXT NOT NULL,
    assessed BOOLEAN NOT NULL,
    facts_after_assessment BOOLEAN NOT NULL,
    judge_failed BOOLEAN NOT NULL,
    rule_pack TEXT NOT NULL,
    judge_version INTEGER NOT NULL,
    folded JSON NOT NULL,
    findings JSON NOT NULL,
    events JSON NOT NULL,
    CONSTRAINT pk_incident_version PRIMARY KEY (subject, version),
    CONSTRAINT ck_incident_version_nfc CHECK (province IS NFC NORMALIZED AND array_to_string(markers, ' ') IS NFC NORMALIZED)
);
CREATE TABLE incident (
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at timestamptz NOT NULL,
    complete BOOLEAN NOT NULL,
    retracted BOOLEAN NOT NULL,
    kind TEXT,
    status TEXT,
    occurred_start timestamptz,
    occurred_precision TEXT,
    side TEXT,
    province TEXT,
    outcome TEXT NOT NULL,
    clauses TEXT[] NOT NULL,
    article39 SMALLINT[] NOT NULL,
    markers TEXT[] NOT NULL,
    machine_outcome TEXT NOT NULL,
    assessed BOOLEAN NOT NULL,
    facts_after_assessment BOOLEAN NOT NULL,
    judge_failed BOOLEAN NOT NULL,
    rule_pack TEXT NOT NULL,
    judge_version INTEGER NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (subject),
    CONSTRAINT ck_incident_nfc CHECK (province IS NFC NORMALIZED AND array_to_string(markers, ' ') IS NFC NORMALIZED)
);
CREATE INDEX ix_incident_occurred_start ON incident (occurred_start);
CREATE INDEX ix_incident_needs_attention ON incident (subject) WHERE judge_failed;
CREATE TABLE crossing (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    position SMALLINT NOT NULL,
    stated_source TEXT NOT NULL,
    stated_id TEXT NOT NULL,
    gate TEXT NOT NULL,
    direction TEXT NOT NULL,
    status TEXT NOT NULL,
    interval_start timestamptz NOT NULL,
    interval_end timestamptz NOT NULL,
    what TEXT NOT NULL,
    n NUMERIC NOT NULL,
    unit TEXT,
    nationality TEXT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_crossing PRIMARY KEY (source, id, position)
);
CREATE INDEX ix_crossing_gate_interval_start ON crossing (gate, interval_start);
CREATE TABLE crossing_superseded (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    position SMALLINT NOT NULL,
    stated_source TEXT NOT NULL,
    stated_id TEXT NOT NULL,
    gate TEXT NOT NULL,
    direction TEXT NOT NULL,
    status TEXT NOT NULL,
    interval_start timestamptz NOT NULL,
    interval_end timestamptz NOT NULL,
    what TEXT NOT NULL,
    n NUMERIC NOT NULL,
    unit TEXT,
    nationality TEXT,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT pk_crossing_superseded PRIMARY KEY (source, id, recorded_at, position)
);
CREATE TABLE consumed_offset (
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset BIGINT NOT NULL,
    CONSTRAINT pk_consumed_offset PRIMARY KEY (log, topic, partition)
);
CREATE TABLE dead_letter (
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    received_at timestamptz NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    payload BYTEA,
    sha256 TEXT NOT NULL,
    key BYTEA,
    source TEXT,
    recorded_at timestamptz NOT NULL,
    redriven_at timestamptz,
    CONSTRAINT pk_dead_letter PRIMARY KEY (log, topic, partition, "offset")
);
CREATE TABLE conflict (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    subject TEXT NOT NULL,
    type TEXT NOT NULL,
    time timestamptz NOT NULL,
    sequence BIGINT NOT NULL,
    body JSON NOT NULL,
    conflicts_by TEXT NOT NULL,
    with_id TEXT NOT NULL,
    log TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    received_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_conflict PRIMARY KEY (source, id, digest),
    CONSTRAINT ck_conflict_conflicts_by CHECK (conflicts_by IN ('id', 'sequence'))
);
"""

# Evidence is not changed, not even by us.
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % refused, what was said stands', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    raise NotImplementedError("the first revision is not undone: drop the database instead")
