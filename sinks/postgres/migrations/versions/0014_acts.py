"""An incident at sea may be of several acts, `property_taken,detained`: it is of the flash class where one of them is."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ONE_ACT = "({0}kind IN (SELECT kind FROM flash_class WHERE act = '') OR ({0}kind, {0}act) IN (SELECT kind, act FROM flash_class))"
# Only markers and incidents at sea have an act, so for all others the second part is not even looked up.
ANY_ACT = """({0}kind IN (SELECT kind FROM flash_class WHERE act = '') OR {0}act IS NOT NULL AND EXISTS (
        SELECT FROM flash_class AS flash WHERE flash.kind = {0}kind AND flash.act = ANY (string_to_array({0}act, ','))
    ))"""

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


def attention(is_flash: str) -> str:
    """The view of what needs a person, with this condition for the flash class; the rest is that of 0011."""
    of_class = f"CASE WHEN {is_flash} THEN 'flash' ELSE {{0}}outcome END"
    return f"""
CREATE OR REPLACE VIEW attention AS
SELECT subject, class, kind, act, outcome, side, province, gate, markers, occurred_start, reporter,
    CASE WHEN acknowledged_at IS NULL THEN coalesce((
        SELECT max(event.received_at) FROM (
            SELECT events FROM incident_state AS state
            WHERE state.subject = incident.subject AND {of_class.format("state.")} = class ORDER BY version LIMIT 1
        ) AS first_of_class CROSS JOIN unnest(first_of_class.events) AS reference
        JOIN event ON event.source = split_part(reference, ' ', 1) AND event.id = substr(reference, strpos(reference, ' ') + 1)
    ), reported_at) ELSE reported_at END AS received_at,
    coalesce(known_at, occurred_start) AS known_at, via, acknowledged_at, acknowledged_by, assigned_to, due
FROM (
    SELECT *, {of_class.format("incident.")} AS class FROM incident WHERE complete AND NOT retracted AND status = 'actual'
) AS incident LEFT JOIN LATERAL (
    SELECT min(received_at) AS reported_at, (array_agg(body ->> 'via' ORDER BY received_at, source, sequence))[1] AS via FROM event
    WHERE event.subject = incident.subject AND event.type = 'vn.mocgioi.incident.reported.v1'
) AS first_report ON true LEFT JOIN LATERAL (SELECT {ACTS} WHERE act.subject = incident.subject) AS acts ON true
WHERE class IN ('flash', 'breach', 'needs_facts');
"""


def upgrade() -> None:
    op.execute(attention(ANY_ACT))


def downgrade() -> None:
    op.execute(attention(ONE_ACT))
