"""Who is made by the set-up, and what he sees."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from cheyi.foundation.access import viewer_of
from cheyi.foundation.models import AuditEntry, User
from cheyi.foundation.pages.navigation import entries_for, split
from cheyi.foundation.scope import within
from cheyi.project.setting_up import offer_link
from cheyi.workshop.models import TechnicianProfile
from tests.project.moving_in import PASSWORD, begun

TYPED = {
    "group": "示例汽修",
    "store": "总店",
    "code": "SL01",
    "person": "店主",
    "name": "boss",
    "password": PASSWORD,
}


def viewer_begun(*, works_alone):
    user, store = begun(works_alone=works_alone)
    return viewer_of(user.pk, store_id=store.pk), store


def labels(entries):
    return [entry.view.partition(":")[2] for entry in entries]


@pytest.mark.django_db
def test_who_has_staff_manages_and_administers():
    viewer, store = viewer_begun(works_alone=False)
    assert viewer.roles == {"administrator", "store_manager"}
    with within(store):
        assert not TechnicianProfile.objects.exists()


@pytest.mark.django_db
def test_who_works_alone_does_everything_but_high_voltage_and_has_the_rest_of_his_screens_under_more():
    viewer, store = viewer_begun(works_alone=True)
    assert viewer.roles == {
        *("administrator", "store_manager", "advisor", "foreman", "technician", "inspector", "parts_keeper", "cashier")
    }
    with within(store):
        profile = TechnicianProfile.objects.get()
        assert {skill.level for skill in profile.skills.all()} == {3}
    assert (profile.high_voltage_no, profile.high_voltage_until) == ("", None)
    shown, more = split(entries_for(viewer))
    assert len(shown) == 6
    assert len(more) >= 2
    together = labels([*shown, *more])
    assert len(set(together)) == len(together)
    assert {"reception", "my-jobs", "counter", "board", "orders", "list"} <= set(together)


def test_a_single_entry_more_is_not_worth_a_menu():
    assert split(list(range(7))) == (list(range(7)), [])
    assert split(list(range(8))) == (list(range(6)), [6, 7])


@pytest.fixture
def open_link(db, settings, tmp_path):
    """The address of the set-up page of an empty installation that waits for it."""
    settings.DATA_DIR = tmp_path
    return f"/set-up/{offer_link(now=datetime.now(UTC))}"


def refused(client, link, **typed):
    answer = client.post(link, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    listed = page[page.index("data-problems") : page.index("</ul>")]
    return re.findall(r'<a href="#id_(\w+)">([^<]+)</a>', listed)


def test_the_list_of_what_is_wrong_names_each_field_in_the_order_of_the_page(client, open_link):
    assert refused(client, open_link, code="HZ 01!", password="pflaume-reist-42") == [
        ("group", "企业名称：没填"),
        ("store", "门店：没填"),
        ("code", "店代码：1–8 位大写字母或数字，例如 HZ01"),
        ("person", "你的姓名：没填"),
        ("name", "登录名：没填"),
    ]


def test_a_weak_password_is_named_together_with_what_else_is_wrong(client, open_link):
    typed = TYPED | {"password": "kurz"}
    assert [name for name, _ in refused(client, open_link, **typed)] == ["password"]
    assert [name for name, _ in refused(client, open_link, **typed | {"person": " "})] == ["person", "password"]


def test_the_set_up_page_speaks_the_other_language_at_one_click(client, open_link):
    page = client.get(open_link).content.decode()
    assert re.search(r'<form[^>]* data-draft="set-up">', page)
    assert re.search(r'<form[^>]* action="/language" data-keep-drafts>', page)
    assert client.get("/sign-in").status_code == 503
    answer = client.post("/language", {"language": "en", "next": open_link})
    assert (answer.status_code, answer.headers["Location"]) == (303, open_link)
    assert "Name of the business" in client.get(open_link).content.decode()


def test_who_sets_up_is_signed_in_by_it_under_a_new_session_and_lands_on_his_start_page(client, open_link):
    session = client.session
    session["seen"] = "before"
    session.save()
    former = session.session_key
    answer = client.post(open_link, TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.cookies["cheyi"].value != former
    assert client.session["user_id"] == User.objects.get().pk
    assert list(AuditEntry.objects.filter(thing="foundation.user").values_list("code", flat=True)) == [
        "foundation.account.signed_in"
    ]
    landed = client.get("/", follow=True)
    assert landed.redirect_chain == [("/start", 302)]
    assert "店主" in landed.content.decode()


def test_a_refused_set_up_signs_nobody_in(client, open_link):
    assert client.post(open_link, TYPED | {"password": "kurz"}).status_code == 422
    assert "user_id" not in client.session
    assert not AuditEntry.objects.filter(code="foundation.account.signed_in").exists()


def test_before_the_set_up_every_page_says_in_both_languages_where_the_link_is_without_telling_it(client, open_link):
    for address in ("/", "/sign-in", "/workshop/orders?state=open", "/no-such"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        page = answer.content.decode()
        said = re.findall(r'<section lang="([^"]+)">\s*<h\d[^>]*>([^<]+)<', page)
        assert said == [("zh-CN", "车驿还没有设置"), ("en", "Cheyi is not set up yet")]
        assert page.count("cheyi up") == 4
        assert "cheyi/css/tokens" in page
        assert open_link.removeprefix("/set-up/") not in page


def test_before_the_set_up_a_machine_is_told_in_its_own_shape(client, open_link):
    answer = client.get("/api/v1/workshop/orders", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json() == {
        "status": 503,
        "code": "project.set_up.waiting",
        "message": "Cheyi is not set up yet",
        "fields": {},
    }
    assert open_link


def test_a_link_that_is_too_old_does_not_offer_to_sign_in_where_nobody_can(client, open_link):
    page = client.get("/set-up/" + "x" * 43).content.decode()
    assert "此链接已失效" in page
    assert "会给出新链接" in page
    assert "btn-primary" not in page
    client.post(open_link, TYPED)
    used = client.get(open_link)
    page = used.content.decode()
    assert (used.status_code, "会给出新链接" in page, 'class="btn btn-primary btn-large" href="/"' in page) == (
        410,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("1234567890", "不能全是数字，加几个字母或符号"),
        ("qwertyuiop", "太常见，很快会被猜到，换一个"),
        ("总店总店示例汽修", "太短，至少 10 个字符"),
        ("示例汽修示例汽修示例汽修", "不同的字符太少，换一个"),
        ("我在示例汽修上班很开心", "和“示例汽修”太像，换一个"),
    ],
)
def test_what_is_wrong_with_the_password_stands_beside_the_field(client, open_link, password, problem):
    typed = TYPED | {"password": password}
    assert refused(client, open_link, **typed) == [("password", f"密码：{problem}")]
    page = client.post(open_link, typed).content.decode()
    beside = re.search(r'id="id_password-error">.*?<span>([^<]+)</span>', page).group(1)
    assert beside == problem
    assert password not in page
    assert not User.objects.exists()
