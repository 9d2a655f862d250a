"""Numbers that name nothing - words, ², thousands of digits - are no number on any page, never an error of the program."""

from urllib.parse import quote

import pytest
from django.urls import resolve

from cheyi.foundation.pages.addresses import addresses
from tests.permissions.asking import FIXED
from tests.permissions.rows import ARGUMENT
from tests.workshop.test_pages_reception import at_desk

ODD = ("abc", "²", "-1", "9" * 18, "9" * 5_000, "１２", "٣", "1.5", "", "\x00", "🚗")


def forms_of(order, line, odd):
    """Addresses that take a number in their form or query, with the others of their fields."""
    return (
        ("get", "/customers/", {"page": "{}"}),
        ("get", "/vehicles/", {"page": "{}"}),
        ("get", "/workshop/orders", {"page": "{}"}),
        ("get", "/workshop/appointments/new", {"vehicle": "{}"}),
        ("get", "/parts/history", {"before": "{}"}),
        ("post", f"/workshop/board/lines/{line.pk}/move?with={quote(odd)}", {"to": "{}", "bay": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/dispatch", {"technician": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/describe", {"version": "{}", "request_text": "x"}),
        ("post", f"/workshop/orders/{order.pk}/set-customer", {"customer": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/come-back", {"line": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/add", {"take": "part:{}"}),
        ("post", f"/workshop/orders/{order.pk}/discount", {"line": "labour:{}", "percent": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/discount", {"line": f"labour:{line.pk}", "percent": "{}"}),
        ("post", f"/workshop/orders/{order.pk}/answer", {"line": "labour/{}"}),
        ("post", f"/workshop/orders/{order.pk}/pay", {"way": "cash", "amount": "{}", "deposit": "{}"}),
        ("post", f"/workshop/lines/labour/{line.pk}/clock", {"verb": "start", "technician": "{}"}),
        ("post", f"/workshop/reception/cars/{order.vehicle_id}/open", {"job": "MA001|customer|{}", "technician": "{}"}),
        ("post", f"/vehicles/{order.vehicle_id}/owner", {"customer": "{}"}),
    )


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_number_in_any_form_is_answered_in_words(shop, odd):
    order = shop.opened("MA001")
    client = at_desk(shop.manager)
    for place, (method, address, form) in enumerate(forms_of(order, shop.labour(order), odd)):
        filled = {name: value.format(odd) for name, value in form.items()} | {"_key": f"odd{place}"}
        resolve(address.partition("?")[0])
        answer = getattr(client, method)(address, filled)
        assert answer.status_code < 500, (address, answer.status_code)
    assert shop.fresh(order).state == "open"


@pytest.mark.parametrize("role", ["manager", "foreman", "advisor"])
def test_an_id_beyond_what_a_database_counts_names_nothing_at_any_address(shop, role):
    client = at_desk(getattr(shop, role))
    client.raise_request_exception = False
    asked = [address.pattern for address in addresses() if "<int:" in address.pattern]
    wrong = []
    for place, pattern in enumerate(asked):
        path = ARGUMENT.sub(lambda found: FIXED.get(found[1], str(10**20)), f"/{pattern.lstrip('/')}")
        for method in ("get", "post"):
            answer = getattr(client, method)(path, {}, headers={"Idempotency-Key": f"{place}{method}"})
            if answer.status_code not in {401, 403, 404, 405, 415, 422}:
                wrong.append((method, pattern, answer.status_code))
    assert (len(asked) > 100, wrong) == (True, [])
