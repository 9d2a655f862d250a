"""What may happen to an order and its lines, what is still missing, and what it costs: plain Python."""
