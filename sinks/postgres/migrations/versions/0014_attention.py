"""An incident at sea may be of several acts, and is flash where one of them is; an acknowledgement of less does not hold for a flash incident.

Who may be woken stands in one place of the record.
"""

from importlib import import_module

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Imports, and what a post had known for long when it first reported it, are no news, whenever more is said of them.
PREDICATES = """
CREATE FUNCTION is_news(via text, reported_at timestamptz, known_at timestamptz, known interval) RETURNS boolean LANGUAGE sql STABLE
RETURN via IS DISTINCT FROM 'import' AND (known_at IS NULL OR known_at >= reported_at - known);
CREATE FUNCTION wakes(
    via text, reported_at timestamptz, received_at timestamptz, known_at timestamptz, at timestamptz, wake interval, known interval
) RETURNS boolean LANGUAGE sql STABLE
RETURN is_news(via, reported_at, known_at, known) AND received_at >= at - wake;
"""

# Only markers and incidents at sea have an act, at sea perhaps several (`property_taken,detained`): for all others it is not even looked up.
_IS_FLASH = """({0}kind IN (SELECT kind FROM flash_class WHERE act = '') OR {0}act IS NOT NULL AND EXISTS (
        SELECT FROM flash_class AS flash WHERE flash.kind = {0}kind AND flash.act = ANY (string_to_array({0}act, ','))
    ))"""
_CLASS = f"CASE WHEN {_IS_FLASH} THEN 'flash' ELSE {{0}}outcome END"
_FLASH_STATES = f"FROM incident_state AS state WHERE state.subject = event.subject AND {_IS_FLASH.format('state.')}"


# Only offices act for the duty officer: what a post's device says of it has no effect. An acknowledgement says as what the officer saw the
# incident; one that does not is of what the record then held.
def _acts(moment: str) -> str:
    by, newest = "coalesce(body #>> '{data,by}', body #>> '{data,by_office}')", "time DESC, source, sequence DESC"
    return f"""
    (array_agg(time ORDER BY time, source, sequence) FILTER (WHERE acknowledges AND NOT outgrown))[1] AS acknowledged_at,
    (array_agg({by} ORDER BY time, source, sequence) FILTER (WHERE acknowledges AND NOT outgrown))[1] AS acknowledged_by,
    (array_agg(coalesce(body #>> '{{data,to}}', body #>> '{{data,to_office}}') ORDER BY {newest}) FILTER (WHERE assigns))[1] AS assigned_to,
    (array_agg(body #>> '{{data,due}}' ORDER BY {newest}) FILTER (WHERE assigns AND body #>> '{{data,due}}' IS NOT NULL))[1]::timestamptz AS due,
    (array_agg({by} ORDER BY {newest}) FILTER (WHERE outgrown))[1] AS outgrown_by
FROM (
    SELECT *, acknowledges AND EXISTS (
        SELECT {_FLASH_STATES} AND state.recorded_at <= {moment} AND (state.superseded_at IS NULL OR state.superseded_at > {moment})
    ) AND CASE WHEN body #>> '{{data,seen_as}}' IS NULL THEN recorded_at < (SELECT min(state.recorded_at) {_FLASH_STATES})
        ELSE body #>> '{{data,seen_as}}' <> 'flash' END AS outgrown
    FROM (
        SELECT *, type = 'vn.mocgioi.duty.acknowledged.v1' AS acknowledges,
            type IN ('vn.mocgioi.duty.assigned.v1', 'vn.mocgioi.duty.handed_over.v1') AS assigns
        FROM event WHERE type LIKE 'vn.mocgioi.duty.%' AND source LIKE '/offices/%' AND recorded_at <= {moment}
    ) AS event
) AS act
"""


# What belongs to one incident is looked up for that incident, as revision 0011 says. Facts that make a shooting of what was reported as less
# came when they came, until somebody acknowledges the shooting.
VIEWS = f"""
CREATE FUNCTION duty_state_as_of(moment timestamptz) RETURNS TABLE (
    subject text, acknowledged_at timestamptz, acknowledged_by text, assigned_to text, due timestamptz, outgrown_by text
) LANGUAGE sql STABLE AS $$ SELECT subject, {_acts("moment")} GROUP BY subject $$;
CREATE OR REPLACE VIEW duty_state AS SELECT * FROM duty_state_as_of('infinity');
CREATE OR REPLACE VIEW attention AS
SELECT subject, class, kind, act, outcome, side, province, gate, markers, occurred_start, reporter,
    CASE WHEN acknowledged_at IS NULL THEN coalesce((
        SELECT max(event.received_at) FROM (
            SELECT events FROM incident_state AS state
            WHERE state.subject = incident.subject AND {_CLASS.format("state.")} = class ORDER BY version LIMIT 1
        ) AS first_of_class CROSS JOIN unnest(first_of_class.events) AS reference
        JOIN event ON event.source = split_part(reference, ' ', 1) AND event.id = substr(reference, strpos(reference, ' ') + 1)
    ), reported_at) ELSE reported_at END AS received_at,
    coalesce(known_at, occurred_start) AS known_at, via, acknowledged_at, acknowledged_by, assigned_to, due, outgrown_by, reported_at
FROM (
    SELECT *, {_CLASS.format("incident.")} AS class FROM incident WHERE complete AND NOT retracted AND status = 'actual'
) AS incident LEFT JOIN LATERAL (
    SELECT min(received_at) AS reported_at, (array_agg(body ->> 'via' ORDER BY received_at, source, sequence))[1] AS via FROM event
    WHERE event.subject = incident.subject AND event.type = 'vn.mocgioi.incident.reported.v1'
) AS first_report ON true LEFT JOIN LATERAL (SELECT {_acts("'infinity'")} WHERE act.subject = incident.subject) AS acts ON true
WHERE class IN ('flash', 'breach', 'needs_facts');
CREATE OR REPLACE VIEW duty.attention WITH (security_barrier) AS SELECT * FROM public.attention WHERE duty.sees(province);
"""

_PAGE = "coalesce(current_setting('mocgioi.public_url', true), '') || '/duty/incidents/' || subject AS page"
GRAFANA = f"""
CREATE OR REPLACE VIEW grafana.attention AS
SELECT subject, class, kind, side, coalesce(province, '-') AS province, gate, markers, split_part(reporter, '/', 3) AS post, occurred_start,
    received_at, via IS NOT DISTINCT FROM 'import' AS imported,
    public.wakes(via, reported_at, received_at, known_at, now(), '24 hours', '7 days') AS alerting,
    acknowledged_at, acknowledged_by, assigned_to, due, {_PAGE}
FROM public.attention;
"""


def upgrade() -> None:
    op.execute(PREDICATES)
    op.execute(VIEWS)
    op.execute(GRAFANA)
    # Who watches asks every second for what is new: in a record of 200,000 incidents 0.1 ms for 44. The newest 128 pages are always read.
    op.execute("CREATE INDEX ix_incident_state_recorded_at ON incident_state USING brin (recorded_at) WITH (autosummarize = on)")


def downgrade() -> None:
    duty, boards = (import_module(f"sinks.postgres.migrations.versions.{name}") for name in ("0011_duty", "0012_boards"))
    op.execute("DROP INDEX ix_incident_state_recorded_at")
    op.execute("DROP VIEW grafana.attention, duty.attention, attention, duty_state")
    op.execute("DROP FUNCTION duty_state_as_of, wakes, is_news")
    op.execute(duty.VIEWS)
    op.execute(next(line for line in duty.SCOPED.split(";") if "duty.attention" in line))
    op.execute(next(line for line in boards.VIEWS.split(";") if "VIEW grafana.attention" in line))
