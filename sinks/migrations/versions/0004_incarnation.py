"""Which making of a topic a position was stored of, so that a topic made anew is told from the one before."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE consumed_offset ADD COLUMN incarnation TEXT")


def downgrade() -> None:
    op.execute("ALTER TABLE consumed_offset DROP COLUMN incarnation")
