"""Where a message to a customer goes: the number as it stands when it is sent, or nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from cheyi.customers import actions
from cheyi.customers.models import Customer
from cheyi.foundation.messages import send_later, send_message
from cheyi.foundation.models import Message
from tests.customers.people import WANG_MOBILE, Street
from tests.foundation.org import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def written(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "fake_messages"


def told(street: Street, customer: Customer, *, purpose: str = "service", key: str = "order-1") -> Message:
    message = send_later(
        store=street.home,
        template="workshop.message.opened",
        key=key,
        purpose=purpose,
        customer_id=customer.pk,
        facts={"plate": "沪A80001", "no": "ROSH01", "promised_at": "17:00", "link": "/p/x", "store": "滨江店"},
        now=NOW,
    )
    send_message(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message


def test_a_message_goes_to_the_customers_number_which_is_kept_nowhere(street: Street, written: Path):
    message = told(street, street.add())
    (file,) = written.iterdir()
    assert message.state == "sent"
    assert json.loads(file.read_text("utf-8"))["to"] == "138****8000"
    assert WANG_MOBILE not in file.read_text("utf-8") + str(message.facts)


def test_without_a_number_the_message_says_that_there_is_none(street: Street, written: Path):
    message = told(street, street.add(mobile=""))
    assert (message.state, message.trouble) == ("failed", "no address")
    assert not written.exists()


def test_who_wants_no_contact_gets_none(street: Street):
    customer = street.add()
    Customer.objects.filter(pk=customer.pk).update(preferred_channel="none")
    assert told(street, customer).trouble == "no address"


def test_a_hold_on_every_contact_stops_service_messages_too(street: Street):
    customer = street.add()
    actions.hold_contact(customer, reach="marketing", reason="complaint", by=street.advisor(), now=NOW)
    assert told(street, customer).state == "sent"
    actions.hold_contact(customer, reach="all", reason="complaint", by=street.advisor(), now=NOW)
    assert told(street, customer, key="order-2").trouble == "no address"


def test_marketing_needs_the_consent(street: Street):
    assert told(street, street.add(), purpose="marketing").trouble == "no address"
