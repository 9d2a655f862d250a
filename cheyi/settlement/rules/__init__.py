"""What a bill comes to and what may happen to it: plain Python."""
