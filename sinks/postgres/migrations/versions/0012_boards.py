"""Dashboards see what their panels show and nothing else: the figures of the system are metrics, so the views of its tables go."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# `page` is the officers' page of an incident: below the address that an installation sets for the role `grafana`, else on the same host.
PAGE = "coalesce(current_setting('mocgioi.public_url', true), '') || '/duty/incidents/' || subject AS page"
MARKER = r"substring(markers[1] FROM '^\d+')::int AS marker"

# Whom an incident can wake: nobody for what an import brings, what came long ago or what the unit knew long ago. The notifier has the same
# limits as settings.
ALERTING = """via IS DISTINCT FROM 'import' AND received_at >= now() - interval '24 hours'
        AND (known_at IS NULL OR known_at >= now() - interval '7 days') AS alerting"""

# No text that a person wrote, no measures, of which reports suppress small counts, no body, no dead letter. Where no province is known, it is '-'.
VIEWS = f"""
DROP VIEW grafana.incident, grafana.dead_letter, grafana.position, grafana.report_run;
CREATE VIEW grafana.incident AS
SELECT subject, kind, outcome, side, coalesce(province, '-') AS province, gate, markers, {MARKER}, occurred_start,
    date_trunc('month', occurred_start, 'Asia/Ho_Chi_Minh') AS month, {PAGE}
FROM public.incident WHERE complete AND status = 'actual' AND NOT retracted;
CREATE VIEW grafana.attention AS
SELECT subject, class, kind, side, coalesce(province, '-') AS province, gate, markers, split_part(reporter, '/', 3) AS post, occurred_start,
    received_at, via IS NOT DISTINCT FROM 'import' AS imported, {ALERTING}, acknowledged_at, acknowledged_by, assigned_to, due, {PAGE}
FROM public.attention;
CREATE VIEW grafana.notification AS SELECT subject, alert, receiver, status, at FROM public.notification;
CREATE VIEW grafana.probe AS SELECT recorded_at FROM public.probe;
"""

OLD_VIEWS = """
DROP VIEW grafana.incident, grafana.attention, grafana.notification, grafana.probe;
CREATE VIEW grafana.incident AS
SELECT subject, kind, outcome, side, province, gate, markers, occurred_start, date_trunc('month', occurred_start, 'Asia/Ho_Chi_Minh') AS month
FROM incident WHERE complete AND status = 'actual' AND NOT retracted;
CREATE VIEW grafana.dead_letter AS
SELECT code, date_trunc('day', recorded_at, 'Asia/Ho_Chi_Minh') AS day, count(*) AS letters, count(*) FILTER (WHERE redriven_at IS NULL) AS waiting
FROM dead_letter GROUP BY 1, 2;
CREATE VIEW grafana.position AS SELECT log, topic, partition, next_offset FROM consumed_offset;
CREATE VIEW grafana.report_run AS SELECT started_at, ended_at, ok, built FROM report_run;
"""


def upgrade() -> None:
    op.execute(VIEWS)


def downgrade() -> None:
    op.execute(OLD_VIEWS)
