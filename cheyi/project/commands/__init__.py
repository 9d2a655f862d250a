"""The commands of ``cheyi``: one module each, found by its name."""
