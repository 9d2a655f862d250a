"""Decisions about cars: readings, daily distance, when service falls due."""
