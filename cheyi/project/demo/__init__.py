"""The demo group: invented people and cars with a history, the same each time it is built."""
