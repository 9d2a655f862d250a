"""Taking over a business's own tables: which kinds there are, reading a file, trying it out, applying it whole."""

from cheyi.project.importing.kinds import KINDS
from cheyi.project.importing.running import Outcome, Row, run_file
from cheyi.project.importing.sheets import Heads, heads_of, title, write_template, write_to_correct

__all__ = ["KINDS", "Heads", "Outcome", "Row", "heads_of", "run_file", "title", "write_template", "write_to_correct"]
