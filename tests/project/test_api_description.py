"""The description of the API is complete and says nothing twice."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path

from cheyi.project.api import addresses
from tests.permissions.asking import schema as described

CHEYI = Path(__file__).resolve().parents[2] / "cheyi"


def shapes():
    """The names of all bodies and answers, by where they are written."""
    files = [*CHEYI.glob("*/api.py"), *CHEYI.glob("*/api/*.py")]
    return [
        node.name
        for file in files
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name.endswith(("In", "Out"))
    ]


def test_no_two_shapes_have_one_name_since_the_description_would_keep_one_of_them():
    names = shapes()
    assert len(names) > 60
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_address_is_described_and_every_described_one_is_mounted():
    mounted = {str(pattern.pattern) for pattern in addresses()} - {"openapi.json"}
    paths = {path.removeprefix("/api/v1/") for path in described()["paths"]}
    plain = {"/".join("{}" if step.startswith("<") else step for step in route.split("/")) for route in mounted}
    assert {"/".join("{}" if step.startswith("{") else step for step in path.split("/")) for path in paths} == plain


def test_every_operation_says_its_problems_and_every_verb_its_key():
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            assert {"200", "401", "403", "404", "422"} <= {str(code) for code in operation["responses"]}, path
            kinds = {
                kind for code, one in operation["responses"].items() if int(code) >= 400 for kind in one["content"]
            }
            assert kinds == {"application/problem+json"}, path
            headers = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"]
            assert ("Idempotency-Key" in headers) == (method == "post"), path


def test_every_operation_has_a_name_of_its_own():
    names = [one["operationId"] for methods in described()["paths"].values() for one in methods.values()]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_the_description_is_of_openapi_3_1_with_bearer_tokens():
    said = described()
    assert said["openapi"].startswith("3.1")
    assert said["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_everybody_who_asks_is_given_the_one_description(client, db):
    asked = [client.get("/api/v1/openapi.json") for _ in range(2)]
    assert [answer.status_code for answer in asked] == [200, 200]
    assert asked[0].content == asked[1].content
    assert asked[0].json() == json.loads(json.dumps(described()))
