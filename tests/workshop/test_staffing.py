"""A technician's file follows his role; what somebody who leaves hands over is named to the administrator."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from cheyi.foundation.colleagues import actions as people
from cheyi.foundation.models import Employee, Grant
from cheyi.foundation.scope import within
from cheyi.workshop import actions
from cheyi.workshop.models import Appointment, TechnicianProfile, WorkOrder
from cheyi.workshop.queries.board import board
from cheyi.workshop.queries.open_work import open_work
from tests.foundation.org import NOW
from tests.permissions.asking import signed_in
from tests.workshop.shop import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    shop = open_shop()
    with within(shop.store):
        yield shop


@pytest.fixture
def admin(shop):
    return shop.town.person("administrator")


def added(shop, admin, *roles, name="赵晓峰"):
    places = [(shop.store.pk, role) for role in roles]
    return people.hire(name=name, roles=places, home_store=shop.store, by=admin, now=NOW)


def changed(shop, admin, one, *roles):
    places = [(shop.store.pk, role) for role in roles]
    one = Employee.objects.get(pk=one.pk)
    wanted = {"name": one.name, "home_store": shop.store, "roles": places, "version": one.version}
    return people.change(one, **wanted, by=admin, now=NOW)


def names_on_board(shop):
    return [lane.name for lane in board(shop.store, NOW).lanes]


def test_an_added_technician_stands_on_the_board_at_once_and_others_do_not(shop, admin):
    added(shop, admin, "technician")
    added(shop, admin, "cashier", name="李梅")
    assert ("赵晓峰" in names_on_board(shop), "李梅" in names_on_board(shop)) == (True, False)


def test_who_becomes_a_technician_later_stands_there_too_and_leaves_it_with_the_role(shop, admin):
    one = added(shop, admin, "inspector")
    changed(shop, admin, one, "inspector", "technician")
    assert "赵晓峰" in names_on_board(shop)
    changed(shop, admin, one, "inspector")
    assert "赵晓峰" not in names_on_board(shop)


def test_skills_and_certificate_outlast_leaving_and_coming_back(shop, admin):
    viewer = shop.technician("王建国", hv=date(2027, 1, 1), mechanics=5)
    people.leave(shop.employee(viewer), on=date(2026, 6, 15), by=admin, now=NOW)
    assert "王建国" not in names_on_board(shop)
    people.come_back(shop.employee(viewer), by=admin, now=NOW)
    profile = TechnicianProfile.objects.get(employee_id=viewer.employee_id)
    assert (profile.active, profile.high_voltage_until, profile.skills.get().level) == (True, date(2027, 1, 1), 5)
    assert "王建国" in names_on_board(shop)


def test_a_technician_of_the_sister_store_stands_on_its_board_only(shop, admin):
    sister = shop.town.sister
    places = [(sister.pk, "technician")]
    people.hire(name="赵晓峰", roles=places, home_store=sister, by=admin, now=NOW)
    assert "赵晓峰" not in names_on_board(shop)
    with within(sister):
        assert "赵晓峰" in [one.employee.name for one in TechnicianProfile.objects.select_related("employee")]


def test_what_he_leaves_is_named_with_its_number_and_state(shop, admin):
    wang = shop.technician("王建国")
    order = shop.opened("MA001", to=wang)
    WorkOrder.objects.filter(pk=order.pk).update(advisor_id=shop.advisor.employee_id)
    car = shop.car("沪A80002", vin="", owner=shop.customer("李梅", "19900009999"))
    booking = actions.book(wanted_at=NOW + timedelta(days=2), vehicle=car, by=shop.advisor, now=NOW)
    Appointment.objects.filter(pk=booking.pk).update(advisor_id=shop.advisor.employee_id)
    found = open_work(wang.employee_id, viewer=admin)
    assert [(one.what, one.no, one.state, one.href) for one in found] == [("项目", order.no, "已派", "")]
    mine = open_work(shop.advisor.employee_id, viewer=shop.manager)
    assert [(one.what, one.no, one.href) for one in mine] == [
        ("工单", order.no, f"/workshop/orders/{order.pk}"),
        ("预约", booking.no, "/workshop/appointments"),
    ]


def test_the_hand_over_list_costs_three_queries(shop, admin, django_assert_num_queries):
    wang = shop.technician("王建国")
    shop.opened("MA001", to=wang)
    with django_assert_num_queries(3):
        open_work(wang.employee_id, viewer=admin)


def test_the_leaving_page_names_it_without_customer_and_car_and_with_links_for_who_may_see_it(shop, admin):
    wang = shop.technician("王建国")
    order = shop.opened("MA001", to=wang)
    page = unescape(signed_in(admin).get(f"/colleagues/{wang.employee_id}/leave").content.decode())
    assert (order.no in page, order.plate in page, "待交接" in page) == (True, False, True)
    assert f"/workshop/orders/{order.pk}" not in page
    Grant.objects.create(user_id=admin.user_id, role="store_manager", store=shop.store, created_at=NOW)
    page = signed_in(admin).get(f"/colleagues/{wang.employee_id}/leave").content.decode()
    assert re.search(rf'<a href="/workshop/orders/{order.pk}" data-open-row>', page)
