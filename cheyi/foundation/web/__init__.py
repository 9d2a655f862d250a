"""What stands around every request: who comes, which store is open, and how a refusal is answered."""
