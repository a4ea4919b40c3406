"""The suite: it runs on SQLite and on PostgreSQL, always."""
