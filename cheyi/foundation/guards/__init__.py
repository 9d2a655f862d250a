"""Walls inside the database: append-only tables, links that stay in one scope, row-level security, the tripwire."""
