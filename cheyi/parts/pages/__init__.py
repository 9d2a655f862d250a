"""Screens of the parts store."""
