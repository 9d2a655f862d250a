"""The owner's page through the browser: what it shows, what it takes for an answer, and when it stays shut."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cheyi.foundation.models import Store
from cheyi.kernel import Money
from cheyi.workshop import actions
from cheyi.workshop.models import Answer, FlowProfile, LabourLine, OrderSpell, ProgressLink, WorkOrder
from cheyi.workshop.queries.progress import progress, token_of
from tests.foundation.org import NOW
from tests.workshop.shop import after


@pytest.fixture
def asked(shop):
    """An order at work with a proposed battery."""
    order = shop.opened("DT004", to=shop.technician())
    found = actions.report_finding(order, item="", note="蓄电池只剩六成", op=shop.op("EL001"), by=shop.advisor, now=NOW)
    return order, found.line


def address(order) -> str:
    return f"/workshop/p/{token_of(order.progress_link)}"


def steps_of(text) -> str:
    return text.partition('<ol class="steps">')[2].partition("</ol>")[0]


def send(order, **form):
    return Client().post(f"{address(order)}/answer", {"_key": f"key-{len(form)}-{form}", **form})


def test_the_page_shows_what_is_asked_and_costs_few_queries(asked, django_assert_max_num_queries):
    order, line = asked
    with django_assert_max_num_queries(16):
        text = Client().get(address(order)).content.decode()
    assert line.name in text
    assert "蓄电池只剩六成" in text
    assert f'data-price="{line.net.fen}"' in text
    assert "19900001111" not in text


def test_a_mileage_that_nobody_has_read_is_not_told_to_the_owner(shop):
    first = shop.opened("DT004", mileage=20_400)
    assert "20,400" in Client().get(address(first)).content.decode()
    actions.cancel(first, reason="重复开单", by=shop.advisor, now=NOW)
    order = actions.open_order(vehicle=first.vehicle, by=shop.advisor, now=after(days=30))
    assert order.mileage_in == 21_600
    assert "21,600" not in Client().get(address(order)).content.decode()


@pytest.mark.parametrize(("code", "said"), [("express", "施工完成"), ("standard", "施工完成，质检通过")])
def test_a_check_that_the_flow_does_not_have_is_not_claimed(shop, code, said):
    order = shop.opened("DT004", to=shop.technician())
    checks = ["final_check"] if code == "standard" else ["self_check"]
    flow = FlowProfile.objects.get(code=code)
    WorkOrder.objects.filter(pk=order.pk).update(flow_profile=flow, state="ready", checks=checks)
    OrderSpell.objects.filter(order=order, ended_at=None).update(state="ready")
    text = Client().get(address(order)).content.decode()
    assert f"<b>{said}</b>" in text
    assert ("质检通过" in text) is (code == "standard")


@pytest.mark.parametrize(
    "state", ["open", "dispatched", "working", "hold", "qc", "wash", "ready", "settled", "delivered"]
)
def test_a_check_that_is_skipped_is_no_step_in_any_state(shop, state):
    order = shop.opened("DT004", to=shop.technician())
    reason = "wait_tool" if state == "hold" else ""
    rows = WorkOrder.objects.filter(pk=order.pk)
    rows.update(state=state, checks=["self_check"], hold_reason=reason, settled_at=NOW, delivered_at=NOW)
    OrderSpell.objects.filter(order=order, ended_at=None).update(state=state)
    text = Client().get(address(order)).content.decode()
    assert re.findall(r"<li[^>]*>([^<]+)</li>", steps_of(text)) == ["接车", "安排", "施工", "取车"]
    now_at = {"open": 0, "dispatched": 1, "ready": 3, "settled": 3, "delivered": 3}.get(state, 2)
    assert ["aria-current" in one for one in steps_of(text).split("</li>")].index(True) == now_at
    assert "质检" not in text


def test_a_check_that_was_made_is_a_step(shop):
    order = shop.opened("DT004", to=shop.technician())
    flow = FlowProfile.objects.get(code="standard")
    WorkOrder.objects.filter(pk=order.pk).update(flow_profile=flow, state="wash", checks=["final_check"])
    text = Client().get(address(order)).content.decode()
    assert re.findall(r"<li[^>]*>([^<]+)</li>", steps_of(text)) == ["接车", "安排", "施工", "质检", "取车"]
    assert ["aria-current" in one for one in steps_of(text).split("</li>")].index(True) == 3


def test_the_page_speaks_the_language_of_the_owner_s_phone(asked):
    order, _ = asked
    phone = Client(headers={"Accept-Language": "en-US,en;q=0.9"})
    page = phone.get(address(order))
    assert ("Do it" in page.content.decode(), page.headers["Content-Language"]) == (True, "en")
    nothing = phone.post(f"{address(order)}/answer", {"_key": "k"})
    assert "beside an item first" in nothing.content.decode()
    assert "同意做" in Client(headers={"Accept-Language": "ja"}).get(address(order)).content.decode()


def test_an_answer_is_kept_with_wording_price_and_time(shop, asked):
    order, line = asked
    answer = send(order, **{f"line-labour-{line.pk}": "yes", f"price-labour-{line.pk}": line.net.fen})
    assert answer.status_code == 303
    row = Answer.objects.get(order=order)
    assert (row.wording, row.net, row.approved, row.via) == (line.name, line.net, True, "link")
    assert shop.fresh(line).state == "approved"
    said = progress(order.progress_link, now=NOW).said
    assert [(one.wording, one.total, one.agreed) for one in said] == [(line.name, line.net, True)]


def test_what_the_warranty_pays_costs_the_owner_nothing(asked):
    order, line = asked
    LabourLine.objects.filter(pk=line.pk).update(payer="oem")
    (proposal,) = progress(order.progress_link, now=NOW).proposals
    assert proposal.asked.total == Money(0)
    assert send(order, **{f"line-labour-{line.pk}": "yes", f"price-labour-{line.pk}": 0}).status_code == 303
    assert Answer.objects.get(order=order).approved


def test_a_price_that_moved_while_the_owner_read_is_not_agreed_to(shop, asked):
    order, line = asked
    answer = send(order, **{f"line-labour-{line.pk}": "yes", f"price-labour-{line.pk}": line.net.fen - 100})
    assert answer.status_code == 422
    assert shop.fresh(line).state == "pending"
    assert not Answer.objects.exists()


def test_the_address_of_an_answer_loaded_anew_leads_back_to_the_page(asked):
    order, _ = asked
    answer = Client().get(f"{address(order)}/answer")
    assert (answer.status_code, answer.headers["Location"]) == (303, address(order))


def test_nothing_tapped_is_said_and_nothing_is_kept(asked):
    order, _ = asked
    assert send(order).status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("trouble", ["wrong", "cut", "revoked", "ended"])
def test_a_link_that_does_not_hold_gives_the_same_plain_page(asked, trouble):
    order, line = asked
    link = address(order)
    changes = {"revoked": {"revoked_at": NOW}, "ended": {"expires_at": after(days=-400)}}.get(trouble)
    if changes:
        ProgressLink.objects.filter(order=order).update(**changes)
    elif trouble == "cut":
        link = link[:-1]
    else:
        link = "/workshop/p/" + "0" * 32 + ":" + "x" * 43
    visitor = Client()
    visitor.cookies["django_language"] = "en"
    answer = visitor.get(link)
    assert answer.status_code == 404
    assert "no longer valid" in answer.content.decode()
    assert line.name not in answer.content.decode()


@pytest.mark.parametrize(("phones", "calls"), [(1, 1), (2, 2), (4, 0)])
def test_a_link_that_opens_nothing_says_whom_to_call_while_the_shops_are_few(shop, phones, calls):
    home = {"group": shop.store.group, "legal_entity": shop.store.legal_entity, "created_at": NOW}
    for place in range(phones):
        Store.objects.create(code=f"T{place}", name="城东店", phone=f"0571-1000000{place}", **home)
    text = Client().get("/workshop/p/wrong:token").content.decode()
    assert text.count('href="tel:0571-1000000') == calls


def test_a_handed_over_order_shows_its_day_for_thirty_days(shop):
    order = shop.handed_over(shop.pay(shop.ready("DT004")), now=after(hours=3))
    link = ProgressLink.objects.get(order=order)
    assert link.expires_at == after(hours=3) + timedelta(days=30)
    view = progress(link, now=after(days=29))
    assert (view.shown, view.proposals, [work.done for work in view.works]) == ("handed_over", (), [True])


def top_of(order):
    """What the page says first."""
    return Client().get(address(order)).content.decode().split('<header class="hero">')[1].split("</header>")[0]


def test_a_promise_that_has_passed_is_never_the_time_to_collect(shop):
    order = shop.opened("DT004", to=shop.technician(), promised_at=NOW)
    top = top_of(order)
    assert "预计可取车" not in top
    assert '<div class="when">还没做好</div>' in top
    assert f"原定 {shop.store.local(NOW):%m-%d %H:%M} 可取车" in top
    assert "抱歉" in top
    assert (
        progress(order.progress_link, now=after(minutes=1)).is_late,
        progress(order.progress_link, now=NOW).is_late,
    ) == (
        True,
        False,
    )


def test_a_new_promise_stands_first_and_the_old_one_below_it_with_its_day(shop):
    order = shop.opened("DT004", to=shop.technician(), promised_at=NOW)
    later = datetime.now(UTC) + timedelta(days=2)
    actions.change_promise(order, promised_at=later, reason="等件", told_customer=True, by=shop.advisor, now=NOW)
    top = top_of(order)
    assert f'<div class="when">{shop.store.local(later):%m-%d %H:%M}</div>' in top
    assert f"原定 {shop.store.local(NOW):%m-%d %H:%M}" in top
    assert "抱歉" not in top
