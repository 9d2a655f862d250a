"""SQLite as the embedded server uses it."""
