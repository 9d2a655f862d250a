"""Everything that is proposed is asked of the owner by his link, once it has a price, and told to him when it is."""

from __future__ import annotations

import pytest
from django.test import Client

from cheyi.workshop import actions
from cheyi.workshop.actions import JobWanted, PartWanted
from cheyi.workshop.models import Answer, FeeLine, PartLine, SubletLine
from cheyi.workshop.queries.progress import progress, token_of
from tests.foundation.org import NOW
from tests.workshop.shop import after, q, yuan


@pytest.fixture
def order(shop):
    """An order at work."""
    wang = shop.technician()
    order = shop.opened("DT004", to=wang)
    actions.start_job(shop.labour(order), by=wang, now=NOW)
    return shop.fresh(order)


def send(order, answers):
    """The owner's answers by key, each to the price that his page shows."""
    form = {f"line-{key}": said for key, said in answers.items()}
    shown = progress(order.progress_link, now=NOW).proposals
    form |= {f"price-{one.asked.key}": str(one.asked.total.fen) for one in shown}
    return Client().post(
        f"/workshop/p/{token_of(order.progress_link)}/answer", {"_key": f"k{Answer.objects.count()}", **form}
    )


def test_a_part_a_fee_and_another_firms_work_are_asked_like_jobs(shop, order):
    job = shop.labour(order)
    part = actions.add_extra_part(order, part=PartWanted(q(1), shop.pads.pk), labour=job, by=shop.advisor, now=NOW)
    fee = actions.add_fee(order, name="拖车费", amount=yuan(200), by=shop.advisor, now=NOW)
    sublet = actions.add_sublet(order, name="钣金外协", price=yuan(800), by=shop.advisor, now=NOW)
    view = progress(order.progress_link, now=NOW)
    assert [(one.asked.key, one.asked.total) for one in view.proposals] == [
        (f"part-{part.pk}", part.net),
        (f"sublet-{sublet.pk}", yuan(800)),
        (f"fee-{fee.pk}", yuan(200)),
    ]
    text = Client().get(f"/workshop/p/{token_of(order.progress_link)}").content.decode()
    assert ("拖车费" in text, "钣金外协" in text, text.count('class="yes-no"')) == (True, True, 3)
    answers = {f"part-{part.pk}": "yes", f"sublet-{sublet.pk}": "yes", f"fee-{fee.pk}": "no"}
    assert send(order, answers).status_code == 303
    states = [table.objects.get(order=order).state for table in (PartLine, SubletLine, FeeLine)]
    assert states == ["reserved", "approved", "declined"]
    view = progress(order.progress_link, now=NOW)
    assert [(one.name, one.total) for one in view.works[1:]] == [("钣金外协", yuan(800))]
    assert view.works[0].total == job.net + part.net
    assert view.agreed_total == sum((one.total for one in view.works), yuan(0)) == job.net + part.net + yuan(800)
    again = send(order, answers)
    assert (again.status_code, Answer.objects.count()) == (422, 3)
    answered = {part.name: True, "钣金外协": True, "拖车费": False}
    assert dict(Answer.objects.values_list("wording", "approved")) == answered
    assert {one.wording: one.agreed for one in progress(order.progress_link, now=NOW).said} == answered


def test_the_parts_of_a_proposed_job_are_asked_with_it_and_not_twice(shop, order):
    actions.add_extra(order, jobs=[JobWanted("MA001")], by=shop.advisor, now=NOW)
    (one,) = progress(order.progress_link, now=NOW).proposals
    assert (one.asked.line.op_code, len(one.asked.parts)) == ("MA001", 2)
    assert one.asked.total == sum((line.net for line in one.asked.parts), one.asked.line.net)


def test_the_owner_hears_of_a_fee_that_waits_for_him(shop, order):
    actions.add_fee(order, name="拖车费", amount=yuan(200), by=shop.advisor, now=after(minutes=9))
    assert shop.told(now=after(minutes=10)).count("asked") == 1


def test_the_owner_hears_of_a_job_without_a_price_when_it_has_one(shop, order):
    job = JobWanted("EL001", parts=[PartWanted(q(1), shop.part("X-1", "传感器", "0").pk)])
    actions.add_extra(order, jobs=[job], by=shop.advisor, now=after(minutes=2))
    assert "asked" not in shop.told(now=after(minutes=5))
    line = PartLine.objects.get(order=order)
    actions.change_price(line, unit_price=yuan(120), reason="补价格", by=shop.advisor, now=after(minutes=6))
    assert shop.told(now=after(minutes=9)).count("asked") == 1
