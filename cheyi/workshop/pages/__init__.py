"""The workshop's screens, one module each."""
