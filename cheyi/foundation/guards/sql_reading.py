"""A small reader of SQL: which tables a statement reads, and which scope columns it binds.

It knows as much grammar as Django's compiler and our own raw SQL use: joins, subqueries, set operations, WITH. What it
does not understand it counts as unbound, so the tripwire errs on the side of refusing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""\s+|--[^\n]*|/\*.*?\*/
      |(?P<text>'(?:[^']|'')*')
      |(?P<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])
      |(?P<param>%\(\w+\)s|%s)
      |(?P<number>\d+(?:\.\d+)?)
      |(?P<word>[A-Za-z_][\w$]*)
      |(?P<sign>::|<>|!=|<=|>=|==|\|\||->>|->|%%|.)""",
    re.VERBOSE | re.DOTALL,
)
CLAUSES = {"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FOR", "RETURNING", "FETCH"}
JOIN_WORDS = {"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER"}
SET_WORDS = {"UNION", "INTERSECT", "EXCEPT"}
NOT_ALIASES = CLAUSES | JOIN_WORDS | SET_WORDS | {"ON", "USING", "SET", "AS", "INDEXED", "NOT"}


@dataclass(slots=True)
class Token:
    """A word (upper case in ``word``), name, literal, parameter, sign, or a bracket with its inside."""

    kind: str
    text: str
    inside: list[Token] = field(default_factory=list)
    position: int = -1

    @property
    def word(self) -> str:
        """The keyword, or nothing."""
        return self.text.upper() if self.kind == "word" else ""


Tokens = list[Token]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an alias; the alias is empty when the SQL names none."""

    alias: str
    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A column compared with parameters (by position or name) and literal numbers."""

    column: Column
    values: tuple[int | str, ...]
    literals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Equality:
    """Two columns that are equal in every row; ``only`` is the outer-joined alias that alone is narrowed by it."""

    left: Column
    right: Column
    only: str = ""


@dataclass(slots=True)
class Source:
    """A table that a query reads under an alias."""

    table: str
    alias: str


@dataclass(slots=True)
class Query:
    """One SELECT or UPDATE with what its conditions bind, and the queries inside it."""

    sources: list[Source] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    equals: list[Equality] = field(default_factory=list)
    inner: list[Query] = field(default_factory=list)


def read(sql: str) -> list[Query]:
    """The queries of a statement, outermost first. Raises ValueError for unbalanced brackets."""
    return _Reader().statement(_nested(sql))


def _nested(sql: str) -> Tokens:
    stack: list[Tokens] = [[]]
    count = 0
    for match in TOKEN.finditer(sql):
        kind = match.lastgroup
        if kind is None:
            continue
        token = Token(kind, match.group())
        if token.text == "(":
            stack.append([])
            continue
        if token.text == ")":
            inside = stack.pop()
            if not stack:
                raise ValueError("a bracket closes that never opened")
            token = Token("group", "", inside)
        elif kind == "param":
            token.position, count = count, count + 1
        elif kind == "name":
            token.text = token.text[1:-1].replace('""', '"')
        stack[-1].append(token)
    if len(stack) != 1:
        raise ValueError("a bracket stays open")
    return stack[0]


def _split(tokens: Tokens, words: set[str]) -> Iterator[Tokens]:
    part: Tokens = []
    for token in tokens:
        if token.word in words or (token.kind == "sign" and token.text in words):
            yield part
            part = []
        else:
            part.append(token)
    yield part


class _Reader:
    def __init__(self) -> None:
        self.shared: set[str] = set()

    def statement(self, tokens: Tokens) -> list[Query]:
        first = tokens[0].word if tokens else ""
        if first == "UPDATE":
            return [self.update(tokens)]
        if first in {"SELECT", "WITH"} or (tokens and tokens[0].kind == "group"):
            return self.query(tokens)
        start = next((place for place, token in enumerate(tokens) if token.word in {"SELECT", "WITH"}), len(tokens))
        return [*self.query(tokens[start:]), *(found for token in tokens[:start] for found in self.inside(token))]

    def inside(self, token: Token) -> list[Query]:
        """The queries in a bracket, however deep."""
        if token.kind != "group" or not token.inside:
            return []
        if token.inside[0].word in {"SELECT", "WITH"} or self._is_bracketed_query(token.inside):
            return self.query(token.inside)
        return [found for each in token.inside for found in self.inside(each)]

    @staticmethod
    def _is_bracketed_query(tokens: Tokens) -> bool:
        first = tokens[0]
        while first.kind == "group" and first.inside:
            first = first.inside[0]
        return first.word == "SELECT" and any(token.word in SET_WORDS for token in tokens)

    def query(self, tokens: Tokens) -> list[Query]:
        if not tokens:
            return []
        if tokens[0].word == "WITH":
            return self.with_shared(tokens)
        found: list[Query] = []
        for part in _split(tokens, SET_WORDS):
            rest = part[1:] if part and part[0].word in {"ALL", "DISTINCT"} else part
            if rest and rest[0].kind == "group":
                found += self.inside(rest[0])
            elif rest and rest[0].word == "SELECT":
                found.append(self.select(rest))
        return found

    def with_shared(self, tokens: Tokens) -> list[Query]:
        start = next(
            (place for place, token in enumerate(tokens) if token.word in {"SELECT", "UPDATE", "INSERT", "DELETE"}), 0
        )
        head = tokens[:start]
        for place, token in enumerate(head):
            if token.kind in {"name", "word"} and any(after.word == "AS" for after in head[place + 1 : place + 3]):
                self.shared.add(token.text)
        bodies = [found for token in head for found in self.inside(token)]
        return [*bodies, *self.statement(tokens[start:])] if start else bodies

    def select(self, tokens: Tokens) -> Query:
        query = Query()
        at = next((place for place, token in enumerate(tokens) if token.word == "FROM"), len(tokens))
        self.descend(query, tokens[:at])
        self.clauses(query, tokens[at + 1 :])
        return query

    def update(self, tokens: Tokens) -> Query:
        query = Query()
        at = next((place for place, token in enumerate(tokens) if token.word == "SET"), len(tokens))
        query.sources.extend(self.sources(query, tokens[1:at]))
        ends = CLAUSES | {"FROM"}
        to = next((place for place, token in enumerate(tokens) if place > at and token.word in ends), len(tokens))
        self.descend(query, tokens[at:to])
        if to < len(tokens) and tokens[to].word == "FROM":
            self.clauses(query, tokens[to + 1 :])
        else:
            self.conditions_from(query, tokens[to:])
        return query

    def clauses(self, query: Query, tokens: Tokens) -> None:
        end = next((place for place, token in enumerate(tokens) if token.word in CLAUSES), len(tokens))
        query.sources.extend(self.sources(query, tokens[:end]))
        self.conditions_from(query, tokens[end:])

    def conditions_from(self, query: Query, tokens: Tokens) -> None:
        if tokens and tokens[0].word == "WHERE":
            end = next((place for place, token in enumerate(tokens) if place and token.word in CLAUSES), len(tokens))
            self.bind(query, tokens[1:end])
        self.descend(query, tokens)

    def descend(self, query: Query, tokens: Tokens) -> None:
        for token in tokens:
            query.inner += self.inside(token)

    # --- FROM -----------------------------------------------------------------------------------------------------

    def sources(self, query: Query, tokens: Tokens) -> Iterator[Source]:
        for comma_part in _split(tokens, {","}):
            place, outer, sided = 0, False, False
            while place < len(comma_part):
                end = place
                while end < len(comma_part) and comma_part[end].word not in JOIN_WORDS:
                    end += 1
                yield from self.reference(query, comma_part[place:end], outer, sided)
                outer = sided = False
                while end < len(comma_part) and comma_part[end].word in JOIN_WORDS:
                    outer |= comma_part[end].word in {"LEFT", "RIGHT", "FULL"}
                    sided |= comma_part[end].word in {"RIGHT", "FULL"}
                    end += 1
                place = end

    def reference(self, query: Query, tokens: Tokens, outer: bool, sided: bool) -> Iterator[Source]:
        if not tokens:
            return
        on = next((place for place, token in enumerate(tokens) if token.word in {"ON", "USING"}), len(tokens))
        head, condition = tokens[:on], tokens[on + 1 :]
        made = list(self.named(query, head))
        yield from made
        if on < len(tokens) and tokens[on].word == "ON" and not sided:
            self.bind(query, condition, only=made[0].alias if outer and made else "", outer=outer)
        self.descend(query, condition)

    def named(self, query: Query, head: Tokens) -> Iterator[Source]:
        first = head[0]
        if first.kind == "group":
            if first.inside and first.inside[0].word not in {"SELECT", "WITH", "VALUES"} and len(first.inside) > 1:
                yield from self.sources(query, first.inside)
            else:
                query.inner += self.inside(first)
            return
        names = [first.text]
        rest = head[1:]
        while len(rest) > 1 and rest[0].text == ".":
            names.append(rest[1].text)
            rest = rest[2:]
        if rest and rest[0].kind == "group":
            self.descend(query, rest)
            return
        alias = next(
            (token.text for token in rest if token.word not in NOT_ALIASES and token.kind in {"name", "word"}), ""
        )
        if names[-1] not in self.shared:
            yield Source(names[-1], alias or names[-1])

    # --- conditions -----------------------------------------------------------------------------------------------

    def bind(self, query: Query, tokens: Tokens, *, only: str = "", outer: bool = False) -> None:
        """Take what holds for every row: the parts joined by AND. An outer join's ON narrows the joined table alone."""
        for atom in _conjuncts(tokens):
            bound = _bound(atom)
            if bound is not None and (not outer or bound.column.alias == only):
                query.bounds.append(bound)
            pair = _equality(atom)
            if pair is not None and (not outer or only in {pair[0].alias, pair[1].alias}):
                query.equals.append(Equality(*pair, only))


def _conjuncts(tokens: Tokens) -> Iterator[Tokens]:
    if any(token.word == "OR" for token in tokens):
        return
    between = False
    part: Tokens = []
    parts: list[Tokens] = []
    for token in tokens:
        if token.word == "AND" and not between:
            parts.append(part)
            part = []
            continue
        between = token.word == "BETWEEN" or (between and token.word != "AND")
        part.append(token)
    for each in [*parts, part]:
        if len(each) == 1 and each[0].kind == "group" and each[0].inside[:1] and each[0].inside[0].word != "SELECT":
            yield from _conjuncts(each[0].inside)
        elif each and each[0].word not in {"NOT", "EXISTS", "CASE"}:
            yield each


def _column(tokens: Tokens) -> Column | None:
    if len(tokens) == 1 and tokens[0].kind == "group":
        return _column(tokens[0].inside)
    if len(tokens) == 1 and tokens[0].kind in {"name", "word"}:
        return Column("", tokens[0].text)
    if len(tokens) == 3 and tokens[1].text == "." and {tokens[0].kind, tokens[2].kind} <= {"name", "word"}:
        return Column(tokens[0].text, tokens[2].text)
    return None


def _value(tokens: Tokens) -> tuple[list[int | str], list[int]] | None:
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if token.kind == "param":
        return [token.text[2:-2] if token.text.startswith("%(") else token.position], []
    if token.kind == "number" and token.text.isdigit():
        return [], [int(token.text)]
    return None


def _sides(atom: Tokens) -> tuple[Tokens, Tokens] | None:
    places = [place for place, token in enumerate(atom) if token.kind == "sign" and token.text in {"=", "=="}]
    return (atom[: places[0]], atom[places[0] + 1 :]) if len(places) == 1 else None


def _equality(atom: Tokens) -> tuple[Column, Column] | None:
    sides = _sides(atom)
    if sides is None:
        return None
    left, right = _column(sides[0]), _column(sides[1])
    return (left, right) if left is not None and right is not None else None


def _bound(atom: Tokens) -> Bound | None:
    sides = _sides(atom)
    if sides is not None:
        for one, other in (sides, sides[::-1]):
            column, value = _column(one), _value(other)
            if column is not None and value is not None:
                return Bound(column, tuple(value[0]), tuple(value[1]))
        return None
    if len(atom) > 1 and atom[-2].word == "IN" and atom[-1].kind == "group":
        column = _column(atom[:-2])
        values = [_value(part) for part in _split(atom[-1].inside, {","})]
        if column is not None and values and all(value is not None for value in values):
            pairs = [value for value in values if value is not None]
            return Bound(
                column, tuple(p for pair in pairs for p in pair[0]), tuple(n for pair in pairs for n in pair[1])
            )
    return None
