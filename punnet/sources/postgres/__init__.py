"""A Postgres database as a source."""
