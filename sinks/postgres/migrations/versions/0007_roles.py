"""Four roles: the clock with its owner's rights, so that readers choose a moment too, and views for dashboards. `sinks.postgres.roles` has the rights."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Whoever may call it moves the clock forward and nothing else; the path is fixed, or a caller could put another `record_clock` before ours.
CLOCK = """
ALTER FUNCTION record_now() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION record_now() FROM PUBLIC;
"""

# No body, payload or reason, no text that a person wrote (the unit of goods is one), no measures, of which reports suppress small counts.
VIEWS = """
CREATE SCHEMA grafana;
CREATE VIEW grafana.incident AS
SELECT subject, kind, outcome, side, province, gate, markers, occurred_start, date_trunc('month', occurred_start, 'Asia/Ho_Chi_Minh') AS month
FROM incident WHERE complete AND status = 'actual' AND NOT retracted;
CREATE VIEW grafana.crossing AS
SELECT gate, direction, interval_start, interval_end, what, n FROM crossing WHERE status = 'actual' AND what IN ('persons', 'vehicles');
CREATE VIEW grafana.dead_letter AS
SELECT code, date_trunc('day', recorded_at, 'Asia/Ho_Chi_Minh') AS day, count(*) AS letters, count(*) FILTER (WHERE redriven_at IS NULL) AS waiting
FROM dead_letter GROUP BY 1, 2;
CREATE VIEW grafana.position AS SELECT log, topic, partition, next_offset FROM consumed_offset;
CREATE VIEW grafana.report_run AS SELECT started_at, ended_at, ok, built FROM report_run;
"""


def upgrade() -> None:
    op.execute(CLOCK)
    op.execute(VIEWS)


def downgrade() -> None:
    op.execute("DROP SCHEMA grafana CASCADE")
    op.execute("GRANT EXECUTE ON FUNCTION record_now() TO PUBLIC")
    op.execute("ALTER FUNCTION record_now() SECURITY INVOKER RESET search_path")
