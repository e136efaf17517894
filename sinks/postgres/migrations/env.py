"""Alembic's entry point: runs on the connection that `sinks.postgres.upgrade` hands in, inside its transaction."""

from alembic import context

from sinks.postgres.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
