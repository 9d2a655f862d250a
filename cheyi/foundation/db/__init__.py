"""Both database engines with the walls and waits this program needs (reliability.md 4 and 5.4)."""
