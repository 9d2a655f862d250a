"""The pages of people: the list with its filters, adding, the link that is shown once, each act with its question."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from cheyi.foundation.colleagues.actions import hire as put_on_file
from cheyi.foundation.models import AuditEntry, Employee, Grant, IdempotencyKey, PasswordLink, User
from cheyi.foundation.scope import everywhere, within
from cheyi.foundation.sign_in import WRONG_TRIES
from cheyi.foundation.web.viewers import SESSION_PROVED
from cheyi.project.accounts import make_token
from tests.foundation.org import NOW

pytestmark = pytest.mark.django_db
OWN, CHOSEN = "correct horse battery", "kirsche fliegt heim"
HX = {"HX-Request": "true"}
LINK = re.compile(r'value="(http[^"]+/password/[^"]+)"')


@pytest.fixture
def admin(town):
    return town.person("administrator")


@pytest.fixture
def browser(admin):
    return browser_of(admin)


def browser_of(viewer) -> Client:
    user = User.objects.get(pk=viewer.user_id)
    User.objects.filter(pk=user.pk).update(password=make_password(OWN))
    one = Client(raise_request_exception=False)
    assert one.post("/sign-in", {"name": user.name, "password": OWN}).status_code == 303
    return one


def employee(name) -> Employee:
    with everywhere("the test looks"):
        return Employee.objects.select_related("user").get(name=name)


def sends(browser, address, key="k1", **form):
    return browser.post(address, {**form, "_key": key}, headers=HX)


def adds(browser, town, name="王建国", key="k1", role="technician", **more):
    form = {"name": name, "roles": [f"{town.store.pk}:{role}"], **more}
    return sends(browser, "/colleagues/add", key, **form)


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def names_on(answer) -> list[str]:
    return re.findall(r'<a href="/colleagues/\d+" data-open-row>([^<]+)</a>', text_of(answer))


# --- the list ---


def test_the_list_says_who_works_here_with_roles_state_and_last_sign_in(town, browser):
    adds(browser, town)
    page = text_of(browser.get("/colleagues"))
    row = page[page.index(">王建国</a>") :].split("</tr>")[0]
    assert ("未设密码" in row, "技师" in row, "wangjianguo" in row, "滨江店" in row) == (True,) * 4
    mine = page[page.index(">administrator</a>") :].split("</tr>")[0]
    assert ("在职" in mine, "管理员" in mine) == (True, True)
    assert re.search(r">\d\d:\d\d</td>", mine)


def test_the_list_is_narrowed_by_name_number_sign_in_name_and_store(town, browser):
    town.person("cashier", "李梅", store=town.sister)
    adds(browser, town, no="E99")
    asked = {
        "q=王建": ["王建国"],
        "q=Ｅ９９": ["王建国"],
        "q=wangjian": ["王建国"],
        f"store={town.sister.pk}": ["李梅"],
    }
    assert {query: names_on(browser.get(f"/colleagues?{query}")) for query in asked} == asked
    assert "没有符合的员工" in text_of(browser.get("/colleagues?q=nobody"))


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=1000000000", "store=x", "store=-1", "q=😀", "q=%00"])
def test_what_makes_no_sense_in_the_address_is_passed_over(browser, query):
    assert browser.get(f"/colleagues?{query}").status_code == 200


def test_a_store_manager_sees_his_store_and_may_change_nobody(town):
    town.person("cashier", "李梅", store=town.sister)
    town.person("technician", "王强")
    browser = browser_of(town.person("store_manager"))
    page = browser.get("/colleagues")
    assert sorted(names_on(page)) == ["store_manager", "王强"]
    assert "添加员工" not in text_of(page)
    card = text_of(browser.get(f"/colleagues/{employee('王强').pk}"))
    assert ("修改" in card, "离职</" in card, "密码链接" in card) == (False, False, False)
    assert browser.get(f"/colleagues/{employee('李梅').pk}").status_code == 404


def test_a_store_manager_sees_of_a_colleague_what_he_does_in_this_store(town):
    technician = town.person("technician", "王强")
    Grant.objects.create(user_id=technician.user_id, role="buyer", store=town.sister, created_at=NOW)
    ways = ("/colleagues", f"/colleagues/{employee('王强').pk}", f"/api/v1/colleagues/{employee('王强').pk}")
    narrow, wide = browser_of(town.person("store_manager")), browser_of(town.person("headquarters"))
    assert [("采购" in text_of(narrow.get(way)) or "buyer" in text_of(narrow.get(way))) for way in ways] == [False] * 3
    assert [("采购" in text_of(wide.get(way)) or "buyer" in text_of(wide.get(way))) for way in ways] == [True] * 3


def test_headquarters_see_all_stores_and_hr_its_own(town):
    town.person("cashier", "李梅", store=town.sister)
    assert "李梅" in names_on(browser_of(town.person("headquarters")).get("/colleagues"))
    assert "李梅" not in names_on(browser_of(town.person("hr")).get("/colleagues"))


@pytest.mark.parametrize("people", [3, 60])
def test_the_list_costs_the_same_however_many_work_here(town, admin, browser, people, django_assert_num_queries):
    with within(town.store):
        for number in range(people):
            roles = [(town.store.pk, "technician"), (town.sister.pk, "inspector")]
            put_on_file(name=f"技师{number:03d}", roles=roles, home_store=town.store, by=admin, now=NOW)
    with django_assert_num_queries(7):
        page = browser.get("/colleagues")
    assert len(names_on(page)) == min(people + 1, 50)
    assert ("下一页" in text_of(page)) == (people == 60)


# --- adding and the link ---


def test_the_added_colleague_s_link_is_shown_once_and_only_its_hash_is_kept(town, browser):
    answer = adds(browser, town)
    address = LINK.search(text_of(answer))[1]
    token = address.rsplit("/", 1)[1]
    link = PasswordLink.objects.get()
    assert (answer.status_code, link.used_at, token in link.token_hash) == (200, None, False)
    assert (link.expires_at - link.created_at, link.user.name) == (timedelta(hours=24), "wangjianguo")
    assert '<svg class="qr"' in text_of(answer)
    kept = bytes(IdempotencyKey.objects.get(key="k1").body).decode()
    assert (token in kept, "链接已显示过" in kept) == (False, True)
    assert not any(token in str(entry.facts) for entry in AuditEntry.objects.all())


def test_the_form_sent_twice_makes_one_person_and_the_link_is_not_shown_again(town, browser):
    first, again = adds(browser, town), adds(browser, town)
    with everywhere("the test counts"):
        assert Employee.objects.filter(name="王建国").count() == 1
    assert (PasswordLink.objects.count(), again["X-Replayed"]) == (1, "1")
    assert (bool(LINK.search(text_of(first))), bool(LINK.search(text_of(again)))) == (True, False)


def test_without_scripts_the_link_comes_as_a_whole_page(town, browser):
    form = {"name": "王建国", "roles": f"{town.store.pk}:technician", "_key": "k"}
    page = text_of(browser.post("/colleagues/add", form))
    assert LINK.search(page)
    assert "<html" in page


def test_a_link_for_this_machine_alone_says_so(town, browser):
    assert "只能在本机打开" not in text_of(adds(browser, town))
    form = {"name": "李梅", "roles": f"{town.store.pk}:cashier", "_key": "k"}
    assert "只能在本机打开" in text_of(browser.post("/colleagues/add", form, headers=HX, SERVER_NAME="localhost"))


def test_a_taken_sign_in_name_is_refused_beside_its_field_with_a_free_one(town, browser):
    adds(browser, town)
    answer = adds(browser, town, name="王强", sign_in="wangjianguo", key="k2")
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.colleague.sign_in_taken")
    assert 'data-field="sign_in"' in text_of(answer)
    assert "“wangjianguo”已有人用，“wangjianguo2”可用" in text_of(answer)


def test_a_sign_in_name_is_proposed_while_the_name_is_typed(town, browser):
    adds(browser, town)
    assert 'value="wangjianguo2"' in text_of(browser.get("/colleagues/propose", {"name": "王建国"}, headers=HX))
    assert 'value=""' in text_of(browser.get("/colleagues/propose", {"name": ""}, headers=HX))


@pytest.mark.parametrize("roles", ["x", "all:", ":technician", "²:technician"])
def test_a_role_that_no_box_says_is_not_there(town, browser, roles):
    form = {"name": "王", "roles": roles}
    assert sends(browser, "/colleagues/add", **form).status_code == 404


def test_who_is_added_for_another_store_is_at_home_there(town, browser):
    sends(browser, "/colleagues/add", name="王", roles=[f"{town.sister.pk}:cashier", "all:headquarters"])
    sends(browser, "/colleagues/add", "k2", name="李", roles="all:headquarters")
    assert (employee("王").home_store_id, employee("李").home_store_id) == (town.sister.pk, town.store.pk)


def test_another_group_s_store_is_not_there(town, browser):
    adds(browser, town)
    form = {"name": "王", "roles": f"{town.store.pk}:technician", "version": 1}
    address = f"/colleagues/{employee('王建国').pk}/change"
    assert sends(browser, address, "k2", home_store=10**9, **form).status_code == 404
    assert sends(browser, address, "k3", home_store="", **form)["X-Problem"] == "foundation.colleague.no_store"


def test_a_new_link_voids_the_one_before(town, browser):
    first = LINK.search(text_of(adds(browser, town)))[1]
    second = LINK.search(text_of(sends(browser, f"/colleagues/{employee('王建国').pk}/link", "k2")))[1]
    assert [Client().get(address).status_code for address in (first, second)] == [410, 200]


def test_a_machine_s_token_gets_no_link(town, admin):
    technician = town.person("technician", "王强")
    token = make_token(User.objects.get(pk=admin.user_id), store=town.store, name="t", now=datetime.now(UTC))
    address = f"/colleagues/{employee('王强').pk}/link"
    answer = Client().post(address, {"_key": "k"}, headers={"Authorization": f"Bearer {token}", **HX})
    assert (answer.status_code, PasswordLink.objects.filter(user_id=technician.user_id).count()) == (403, 0)


# --- the page behind the link ---


def opens(town, browser) -> str:
    return LINK.search(text_of(adds(browser, town)))[1]


def test_the_link_sets_a_password_once_and_signs_in(town, browser):
    address, his = opens(town, browser), Client()
    page = text_of(his.get(address))
    assert ("王建国，设一个自己的密码。" in page, 'value="wangjianguo"' in page) == (True, True)
    answer = his.post(address, {"password": CHOSEN})
    assert (answer.status_code, answer["Location"]) == (303, "/workshop/my-jobs")
    assert his.get("/account").status_code == 200
    assert Client().post("/sign-in", {"name": "wangjianguo", "password": CHOSEN}).status_code == 303
    again = Client()
    assert (again.get(address).status_code, again.post(address, {"password": "pflaume bleibt da"}).status_code) == (
        410,
        410,
    )
    entry = AuditEntry.objects.get(code="foundation.account.password_set")
    assert (entry.actor_id, entry.thing_id) == (employee("王建国").user_id,) * 2


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "太短"), ("1357924680", "数字"), ("wangjianguo1", "太像"), ("qwertyuiop", "太常见")],
)
def test_a_password_that_is_soon_guessed_is_refused_and_the_link_stays_good(town, browser, password, said):
    address = opens(town, browser)
    answer = Client().post(address, {"password": password})
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert (PasswordLink.objects.get().used_at, employee("王建国").user.password) == (None, "!")


def test_the_link_opens_nothing_after_a_day_or_once_he_has_left(town, browser):
    address = opens(town, browser)
    PasswordLink.objects.update(expires_at=datetime.now(UTC))
    assert Client().get(address).status_code == 410
    address = LINK.search(text_of(sends(browser, f"/colleagues/{employee('王建国').pk}/link", "k2")))[1]
    sends(browser, f"/colleagues/{employee('王建国').pk}/leave", "k3")
    answer = Client().post(address, {"password": CHOSEN})
    assert (answer.status_code, "已用过或超过一天" in text_of(answer)) == (410, True)
    assert employee("王建国").user.password == "!"


def test_a_forgotten_password_is_replaced_and_his_other_sessions_end(town, browser):
    technician = town.person("technician", "王强")
    his = browser_of(technician)
    address = LINK.search(text_of(sends(browser, f"/colleagues/{employee('王强').pk}/link")))[1]
    assert his.get("/account").status_code == 200
    fresh = Client()
    assert fresh.post(address, {"password": OWN}).status_code == 422
    assert fresh.post(address, {"password": CHOSEN}).status_code == 303
    assert (his.get("/account").status_code, fresh.get("/account").status_code) == (302, 200)
    assert Client().post("/sign-in", {"name": employee("王强").user.name, "password": OWN}).status_code == 422


def test_who_opens_a_link_in_the_administrator_s_browser_is_himself_there_afterwards(town, browser):
    address = opens(town, browser)
    browser.post(address, {"password": CHOSEN})
    assert browser.get("/colleagues").status_code == 403
    assert "王建国" in text_of(browser.get("/account"))


# --- one person ---


def test_roles_are_changed_on_the_page_and_the_second_who_saves_is_told(town, browser):
    adds(browser, town)
    one = employee("王建国")
    address = f"/colleagues/{one.pk}/change"
    page = text_of(browser.get(address))
    assert re.findall(r'value="([^"]+)"(?: id="id_roles")? checked', page) == [f"{town.store.pk}:technician"]
    form = {"name": "王建国", "home_store": town.store.pk, "version": 1}
    answer = sends(browser, address, "k2", roles=[f"{town.store.pk}:inspector", "all:headquarters"], **form)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/colleagues/{one.pk}")
    held = {(grant.store_id, grant.group_id, grant.role) for grant in Grant.objects.filter(user_id=one.user_id)}
    assert held == {(town.store.pk, None, "inspector"), (None, town.group.pk, "headquarters")}
    late = sends(browser, address, "k3", roles=[f"{town.store.pk}:buyer"], **form)
    assert (late.status_code, late["X-Problem"]) == (422, "foundation.colleague.changed_meanwhile")
    assert "administrator刚改过" in text_of(late)


def test_the_page_offers_what_fits_the_person(town, admin, browser):
    town.person("technician", "王强")
    card = text_of(browser.get(f"/colleagues/{employee('王强').pk}"))
    assert ("密码链接" in card, "离职</span>" in card, "解锁" in card) == (True, True, False)
    mine = text_of(browser.get(f"/colleagues/{admin.employee_id}"))
    assert ("由另一位管理员来改" in mine, "离职</span>" in mine) == (True, False)


def test_a_locked_colleague_is_released_with_a_reason(town, browser):
    technician = town.person("technician", "王强")
    browser_of(technician)
    one = employee("王强")
    for _ in range(WRONG_TRIES):
        Client().post("/sign-in", {"name": one.user.name, "password": "x"})
    assert "已锁定" in text_of(browser.get(f"/colleagues/{one.pk}"))
    address = f"/colleagues/{one.pk}/release"
    assert sends(browser, address, reason=" ")["X-Problem"] == "foundation.colleague.no_reason"
    assert sends(browser, address, "k2", reason="本人在场")["HX-Redirect"] == f"/colleagues/{one.pk}"
    assert Client().post("/sign-in", {"name": one.user.name, "password": OWN}).status_code == 303


def test_who_has_left_stands_on_the_list_only_when_asked_for_and_may_come_back(town, browser):
    town.person("technician", "王强")
    one = employee("王强")
    sends(browser, f"/colleagues/{one.pk}/leave")
    assert "王强" not in names_on(browser.get("/colleagues"))
    assert "王强" in names_on(browser.get("/colleagues?left=1"))
    assert "名下没有待处理的事" in text_of(browser.get(f"/colleagues/{one.pk}"))
    sends(browser, f"/colleagues/{one.pk}/come-back", "k2")
    assert "王强" in names_on(browser.get("/colleagues"))


def test_an_act_about_a_person_costs_few_queries(town, browser, django_assert_max_num_queries):
    town.person("technician", "王强")
    one = employee("王强")
    for way, most in (("", 9), ("/change", 9), ("/link", 8), ("/leave", 14)):
        with django_assert_max_num_queries(most):
            assert browser.get(f"/colleagues/{one.pk}{way}").status_code == 200


# --- the own password once more ---


def grown_stale(browser):
    session = browser.session
    session[SESSION_PROVED] = (datetime.now(UTC) - timedelta(minutes=31)).timestamp()
    session.save()


def test_after_half_an_hour_the_own_password_is_asked_for_once_more(town, browser):
    assert 'class="only-wrong"' in text_of(browser.get("/colleagues/add"))
    grown_stale(browser)
    assert 'class="only-wrong"' not in text_of(browser.get("/colleagues/add"))
    answer = adds(browser, town)
    assert (answer.status_code, answer["X-Problem"]) == (422, "foundation.account.prove_again")
    assert 'data-field="present_password"' in text_of(answer)
    wrong = adds(browser, town, key="k2", present_password="x")
    assert wrong["X-Problem"] == "foundation.account.wrong_present"
    assert adds(browser, town, key="k3", present_password=OWN).status_code == 200
    assert adds(browser, town, name="李梅", key="k4").status_code == 200


def test_the_demo_asks_nobody_for_a_password_that_nobody_knows(town, browser, settings):
    settings.DEMO = True
    grown_stale(browser)
    assert adds(browser, town).status_code == 200


def test_a_store_that_is_alone_asks_for_no_store(town, browser):
    adds(browser, town)
    address = f"/colleagues/{employee('王建国').pk}/change"
    assert 'name="home_store"' in text_of(browser.get(address))
    with everywhere("the test closes the other store"):
        town.sister.delete()
    assert 'name="home_store"' not in text_of(browser.get(address))
    form = {"name": "王强", "roles": [f"{town.store.pk}:technician"], "version": 1}
    assert sends(browser, address, "k2", **form).status_code == 200
    assert employee("王强").home_store_id == town.store.pk
