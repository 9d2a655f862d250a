"""Commands of Django that this program changes."""
