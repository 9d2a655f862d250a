"""Made-up calls to every operation: no 5xx, no answer that the description does not know (design.md 8)."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, datetime

from django.db import connection
from django.test import TestCase

from cheyi.foundation.models import User
from cheyi.project.accounts import make_token
from tests.permissions.asking import address_of, read_once, signed_in, taken_back
from tests.permissions.rows import committed
from tests.permissions.world import EMPLOYEES, build
from tests.project.fuzzing import fuzz, schema
from tests.project.hostile import bodies

ROLES = ("store_manager", "advisor")
EXAMPLES = int(os.environ.get("CHEYI_FUZZ", "2"))
HOSTILE = int(os.environ.get("CHEYI_HOSTILE", "1"))
VERBS = [row for row in committed() if row.method == "POST" and row.address.startswith("/api/")]
MAY = ("yes", "own", "store", "group")


class Kept:
    """The town and its tokens, made once."""


class TestEveryOperation(TestCase):
    """One town for all calls; what each call does is taken back."""

    @classmethod
    def setUpTestData(cls):
        if connection.vendor == "postgresql":  # calls are thought out slowly, all in the test's one transaction
            with connection.cursor() as cursor:
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
        world = build()
        Kept.world, Kept.browsers = world, {}
        Kept.ids = world.ids["own"]
        Kept.tokens = {}
        for role in ROLES:
            viewer = world.viewer(role)
            user = User.objects.get(pk=viewer.user_id)
            Kept.tokens[role] = make_token(user, store=world.home.store, name=role, now=datetime.now(UTC))

    def setUp(self):
        self.enterContext(read_once())

    def test_a_manager_s_made_up_calls(self):
        self.made_up(Kept.tokens["store_manager"], EXAMPLES)

    def test_an_advisor_s_made_up_calls(self):
        self.made_up(Kept.tokens["advisor"], EXAMPLES)

    def test_calls_of_nobody(self):
        self.made_up("", 1)

    def test_hostile_values_in_every_field_of_every_verb(self):
        """No field of a body brings the program down, whatever the column behind it holds."""
        wrong, answers = [], Counter()
        for row in VERBS:
            role = next((role for role in EMPLOYEES if row.answers[role] in MAY), "store_manager")
            browser = Kept.browsers.setdefault(role, signed_in(Kept.world.viewer(role)))
            address = address_of(row, Kept.ids)
            for number, (what, body) in enumerate(bodies(row, Kept.ids, most=HOSTILE)):
                key = {"Idempotency-Key": f"hostile-{number}-{address}"}
                with taken_back():
                    got = browser.post(address, json.dumps(body), content_type="application/json", headers=key)
                answers[got.status_code] += 1
                if got.status_code >= 500:
                    wrong.append(f"{got.status_code} {address}: {what}")
        assert answers.total() > 800
        assert answers[200] > 100, answers  # what the shapes let through comes to the tables
        assert not wrong, "\n".join(wrong)

    def made_up(self, token, examples):
        wrong, operations = [], [found.ok() for found in schema().get_all_operations()]
        assert len(operations) > 150
        for operation in operations:
            wrong += fuzz(operation, token=token, ids=Kept.ids, examples=examples)
        assert not wrong, "\n".join(wrong)
