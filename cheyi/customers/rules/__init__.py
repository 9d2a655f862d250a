"""Decisions about people: who is the same person, who may be shown, what may be asked how often."""
