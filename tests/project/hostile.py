"""Each field of each verb's body with values at and beyond its bounds, the rest of the body as it should be."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.permissions.asking import sample, schema
from tests.permissions.rows import ARGUMENT, Row

LARGEST = 2**63 - 1
NUMBERS = (10**9, -1, 0, 10**12, LARGEST, -LARGEST - 1, LARGEST + 1)
TEXTS = ("🚗🔧", "１２３", "x" * 5_000, "a\x00b", "", "0", "-1", "x" * 121, "9" * 19, "汉" * 41, "\u202e\u2028")
OTHERS = (None, [], {}, True, 1.5, "2026-02-30", "2026-11-28T09:00:00")
Place = tuple[str | int, ...]


def bodies(row: Row, ids: Mapping[str, Any], *, most: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies that differ from a sound one in one field, with the words for it.

    Every field is sent at the upper bound of its shape and with ``most`` of the other values: which ones turns from
    field to field, so that over all verbs each value is sent.
    """
    shape = shape_of(row)
    if not shape:
        return
    sound = sample(shape, "", ids)
    for number, (place, leaf) in enumerate(_leaves(shape, ())):
        values = _values(leaf)
        start = (number + len(row.address)) % len(values)
        for value in [*_largest(leaf), *(values[start:] + values[:start])[:most]]:
            body = copy.deepcopy(sound)
            _put(body, place, value, shape, ids)
            yield f"{'.'.join(map(str, place))} = {str(value)[:40]!r}", body


def shape_of(row: Row) -> dict[str, Any]:
    """The shape of the verb's body, empty when it takes a file."""
    path = re.sub(ARGUMENT, r"{\1}", row.address)
    content = schema()["paths"][path]["post"].get("requestBody", {}).get("content", {})
    return dict(_opened(content.get("application/json", {}).get("schema", {})))


def _opened(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in shape:
        return _opened(schema()["components"]["schemas"][shape["$ref"].split("/")[-1]])
    if "anyOf" in shape:
        return _opened(next(one for one in shape["anyOf"] if one.get("type") != "null"))
    return shape


def _leaves(shape: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    shape = _opened(shape)
    if "properties" in shape:
        for name, inner in shape["properties"].items():
            yield from _leaves(inner, (*place, name))
    elif shape.get("type") == "array":
        yield from _leaves(shape["items"], (*place, 0))
    elif place:
        yield place, shape


def _largest(leaf: Mapping[str, Any]) -> list[Any]:
    """What the shape just lets through: the longest text in wide signs, the largest and the smallest number."""
    if leaf.get("type") == "string" and "enum" not in leaf and "format" not in leaf:
        return ["汉" * leaf.get("maxLength", 2_000)]
    if leaf.get("type") == "integer":
        return [leaf.get("maximum", LARGEST), leaf.get("minimum", -LARGEST)]
    return []


def _values(leaf: Mapping[str, Any]) -> list[Any]:
    own = NUMBERS if leaf.get("type") in {"integer", "number"} else TEXTS
    return [*own, *OTHERS]


def _put(body: Any, place: Place, value: Any, shape: Mapping[str, Any], ids: Mapping[str, Any]) -> None:
    """Set one value; what lies on the way to it and is not there is made sound."""
    name: str | int
    for step, name in enumerate(place[:-1]):
        shape = _opened(shape)
        shape = shape["items"] if isinstance(name, int) else shape["properties"][name]
        if isinstance(name, int):
            if not body:
                body.append(sample(shape, str(place[step - 1]).removesuffix("s"), ids))
        elif not body.get(name):
            body[name] = sample(shape, name, ids)
        body = body[name]
    name = place[-1]
    if isinstance(name, int):
        body[:] = [value]
    else:
        body[name] = value
