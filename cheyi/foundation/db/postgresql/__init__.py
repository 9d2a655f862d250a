"""PostgreSQL as the server installation uses it."""
