"""Cheyi 车驿, the open dealer management system."""

__version__ = "0.1.0"
