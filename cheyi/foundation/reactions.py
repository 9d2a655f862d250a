"""What registers itself: jobs that send messages and sweep files, proofs of sealed fields and files."""

from cheyi.foundation import files, messages, proofs

__all__ = ["files", "messages", "proofs"]
