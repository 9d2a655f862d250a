"""What the order page says of a job: done, passed where a check was made, put aside and what it waits for."""

import re

from cheyi.workshop import actions
from tests.foundation.org import NOW
from tests.workshop.test_pages_order import page
from tests.workshop.test_pages_reception import at_desk


def test_a_job_of_an_order_without_a_check_is_done_and_has_not_passed_one(shop):
    order = shop.ready("DT004")
    assert shop.labour(order).state == "passed"
    text = page(at_desk(shop.advisor), order)
    assert '<span class="tag ok">完工</span>' in text
    assert "质检通过" not in text


def test_a_job_of_an_order_whose_check_was_made_has_passed_it(shop):
    wang = shop.technician()
    order = shop.opened("EN001", to=wang, by=shop.foreman)
    shop.hand_out(order)
    actions.pass_check(shop.work(order, wang), answers=shop.ticked(), by=shop.inspector, now=NOW)
    assert '<span class="tag ok">质检通过</span>' in page(at_desk(shop.advisor), order)


def test_a_job_put_aside_says_what_it_waits_for(shop):
    wang = shop.technician()
    order = shop.opened("MA001", to=wang)
    actions.start_job(shop.labour(order), technician=shop.employee(wang), by=wang, now=NOW)
    actions.pause_job(shop.labour(order), reason="wait_parts", by=wang, now=NOW)
    assert re.search(r'<span class="tag part">待件', page(at_desk(shop.advisor), order))
