"""The duty officer's side: users, the ledger of notifications, the probe, and views of what needs a person."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What says whether an incident is of the flash class, and when it became known, is kept with its state. Both are worked out of the events, as
# `mocgioi db rebuild` does exactly; here the newest statement stands.
STATES = r"""
ALTER TABLE incident_state ADD COLUMN known_at timestamptz;
UPDATE incident_state SET act = (
    SELECT body #>> '{data,facts,state}' FROM event
    WHERE event.subject = incident_state.subject AND event.recorded_at <= incident_state.recorded_at AND body #> '{data,facts,state}' IS NOT NULL
    ORDER BY time DESC, sequence DESC LIMIT 1
) WHERE kind = 'marker_damage';
UPDATE incident_state SET known_at = (
    SELECT regexp_replace(translate(body #>> '{data,known_at}', ',' || chr(8722), '.-'), '([.]\d{6})\d+', '\1')::timestamptz FROM event
    WHERE event.subject = incident_state.subject AND event.recorded_at <= incident_state.recorded_at AND body #>> '{data,known_at}' IS NOT NULL
    ORDER BY time DESC, sequence DESC LIMIT 1
) WHERE EXISTS (SELECT FROM event WHERE event.subject = incident_state.subject AND body #>> '{data,known_at}' IS NOT NULL);
CREATE OR REPLACE VIEW incident AS SELECT * FROM incident_state WHERE superseded_at IS NULL;
"""

TABLES = """
CREATE TABLE flash_class (
    kind TEXT NOT NULL,
    act TEXT NOT NULL,
    CONSTRAINT pk_flash_class PRIMARY KEY (kind, act)
);
INSERT INTO flash_class VALUES
    ('shooting', ''), ('violence', ''), ('marker_damage', 'destroyed'), ('marker_damage', 'moved'), ('sea_obstruction', 'detained');
CREATE TABLE duty_user (
    login TEXT NOT NULL,
    role TEXT NOT NULL,
    province TEXT,
    office TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    failures INTEGER NOT NULL,
    locked_until timestamptz,
    CONSTRAINT pk_duty_user PRIMARY KEY (login),
    CONSTRAINT ck_duty_user_role CHECK (role IN ('viewer', 'duty', 'admin'))
);
CREATE TABLE duty_session (
    token_sha256 TEXT NOT NULL,
    login TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_duty_session PRIMARY KEY (token_sha256),
    CONSTRAINT fk_duty_session_login_duty_user FOREIGN KEY (login) REFERENCES duty_user (login)
);
CREATE TABLE notification (
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    subject TEXT,
    alert TEXT NOT NULL,
    receiver TEXT NOT NULL,
    status TEXT NOT NULL,
    detail TEXT,
    at timestamptz NOT NULL,
    CONSTRAINT pk_notification PRIMARY KEY (number),
    CONSTRAINT ck_notification_status CHECK (status IN ('posted', 'failed', 'firing', 'resolved')),
    CONSTRAINT ck_notification_nfc CHECK (alert IS NFC NORMALIZED AND receiver IS NFC NORMALIZED AND detail IS NFC NORMALIZED)
);
CREATE INDEX ix_notification_subject ON notification (subject);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON notification FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE probe (
    source TEXT NOT NULL,
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_probe PRIMARY KEY (source)
);
CREATE INDEX ix_event_duty ON event (subject) WHERE type LIKE 'vn.mocgioi.duty.%';
CREATE INDEX ix_event_received ON event USING brin (received_at);
"""

# Only offices act for the duty officer: what a post's device says of it has no effect.
ACTS = """
    (array_agg(time ORDER BY time, source, sequence) FILTER (WHERE acknowledges))[1] AS acknowledged_at,
    (array_agg(coalesce(body #>> '{data,by}', body #>> '{data,by_office}') ORDER BY time, source, sequence) FILTER (WHERE acknowledges))[1]
        AS acknowledged_by,
    (array_agg(coalesce(body #>> '{data,to}', body #>> '{data,to_office}') ORDER BY time DESC, source, sequence DESC) FILTER (WHERE assigns))[1]
        AS assigned_to,
    (array_agg(body #>> '{data,due}' ORDER BY time DESC, source, sequence DESC)
        FILTER (WHERE assigns AND body #>> '{data,due}' IS NOT NULL))[1]::timestamptz AS due
FROM (
    SELECT *, type = 'vn.mocgioi.duty.acknowledged.v1' AS acknowledges,
        type IN ('vn.mocgioi.duty.assigned.v1', 'vn.mocgioi.duty.handed_over.v1') AS assigns
    FROM event WHERE type LIKE 'vn.mocgioi.duty.%' AND source LIKE '/offices/%'
) AS act
"""

# What belongs to one incident is looked up for that incident. Joined as `duty_state`, it was aggregated anew for each incident where the planner
# expected few of them (11 s for 20,000), and it expects few: it cannot know what an officer sees. What nobody asks for is not looked up at all.
_IS_FLASH = "({0}kind IN (SELECT kind FROM flash_class WHERE act = '') OR ({0}kind, {0}act) IN (SELECT kind, act FROM flash_class))"
CLASS = f"CASE WHEN {_IS_FLASH} THEN 'flash' ELSE {{0}}outcome END"
# Later facts may make a shooting of what was reported as less: until somebody acknowledges it, it came when those facts came.
VIEWS = f"""
CREATE VIEW duty_state AS SELECT subject, {ACTS} GROUP BY subject;
CREATE VIEW attention AS
SELECT subject, class, kind, act, outcome, side, province, gate, markers, occurred_start, reporter,
    CASE WHEN acknowledged_at IS NULL THEN coalesce((
        SELECT max(event.received_at) FROM (
            SELECT events FROM incident_state AS state
            WHERE state.subject = incident.subject AND {CLASS.format("state.")} = class ORDER BY version LIMIT 1
        ) AS first_of_class CROSS JOIN unnest(first_of_class.events) AS reference
        JOIN event ON event.source = split_part(reference, ' ', 1) AND event.id = substr(reference, strpos(reference, ' ') + 1)
    ), reported_at) ELSE reported_at END AS received_at,
    coalesce(known_at, occurred_start) AS known_at, via, acknowledged_at, acknowledged_by, assigned_to, due
FROM (
    SELECT *, {CLASS.format("")} AS class FROM incident WHERE complete AND NOT retracted AND status = 'actual'
) AS incident LEFT JOIN LATERAL (
    SELECT min(received_at) AS reported_at, (array_agg(body ->> 'via' ORDER BY received_at, source, sequence))[1] AS via FROM event
    WHERE event.subject = incident.subject AND event.type = 'vn.mocgioi.incident.reported.v1'
) AS first_report ON true LEFT JOIN LATERAL (SELECT {ACTS} WHERE act.subject = incident.subject) AS acts ON true
WHERE class IN ('flash', 'breach', 'needs_facts');
"""

# What an officer of a province may see. The setting names the provinces, `*` the whole line; where it is missing, no row is seen. Policies on
# `incident_state` itself would do the same, but PostgreSQL copies into no table that has some, and recording copies.
SCOPED = """
CREATE SCHEMA duty;
CREATE FUNCTION duty.sees(province text) RETURNS boolean LANGUAGE sql STABLE
RETURN current_setting('mocgioi.province', true) = '*' OR province = ANY (string_to_array(current_setting('mocgioi.province', true), ','));
CREATE VIEW duty.incident WITH (security_barrier) AS SELECT * FROM incident_state WHERE superseded_at IS NULL AND duty.sees(province);
CREATE VIEW duty.event WITH (security_barrier) AS SELECT * FROM public.event
WHERE EXISTS (SELECT FROM duty.incident WHERE incident.subject = event.subject);
CREATE VIEW duty.attention WITH (security_barrier) AS SELECT * FROM public.attention WHERE duty.sees(province);
CREATE VIEW duty.notification WITH (security_barrier) AS SELECT * FROM public.notification
WHERE EXISTS (SELECT FROM duty.incident WHERE incident.subject = notification.subject);
DO $$ BEGIN
    IF to_regrole('mocgioi_duty') IS NULL AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        CREATE ROLE mocgioi_duty NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server is migrated at the same moment
END $$;
"""


def upgrade() -> None:
    op.execute(STATES)
    op.execute(TABLES)
    op.execute(VIEWS)
    op.execute(SCOPED)


def downgrade() -> None:
    op.execute("DROP SCHEMA duty CASCADE")
    op.execute("DROP VIEW attention, duty_state")
    op.execute("DROP INDEX ix_event_duty, ix_event_received")
    op.execute("DROP TABLE flash_class, duty_session, duty_user, notification, probe")
