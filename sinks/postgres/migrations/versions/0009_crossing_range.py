"""A range index on long crossing intervals: those that reach into a period, however long ago they began."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# An interval of a day or less is found by its start. So an ordinary count costs no entry in a second index when it is recorded.
INDEX = """
CREATE INDEX ix_crossing_state_long ON crossing_state USING gist (tstzrange(interval_start, interval_end, '[]'))
WHERE interval_end - interval_start > interval '1 day'
"""


def upgrade() -> None:
    op.execute(INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX ix_crossing_state_long")
