"""The API's plumbing for all packages: doors, shapes, paging; what the foundation itself offers stands in ``own``."""

from cheyi.foundation.api.paging import turned
from cheyi.foundation.api.plumbing import PROBLEMS, Problem, make_api, question, second_person, signed_in, verb
from cheyi.foundation.api.shapes import Body, Cursor, Day, Fen, Id, Moment, Nothing, ReasonIn, Thousandths

__all__ = [
    "PROBLEMS",
    "Body",
    "Cursor",
    "Day",
    "Fen",
    "Id",
    "Moment",
    "Nothing",
    "Problem",
    "ReasonIn",
    "Thousandths",
    "make_api",
    "question",
    "second_person",
    "signed_in",
    "turned",
    "verb",
]
