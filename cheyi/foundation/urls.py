"""Addresses of the foundation's own pages."""

from django.urls import path

from cheyi.foundation import calendar_page, screens, todos_page
from cheyi.foundation.colleagues import pages as people
from cheyi.foundation.colleagues import password_page
from cheyi.foundation.files import files_page

app_name = "foundation"
urlpatterns = [
    path("", screens.home, name="home"),
    path("sign-in", screens.sign_in_page, name="sign-in"),
    path("sign-out", screens.sign_out, name="sign-out"),
    path("language", screens.language, name="language"),
    path("start", screens.start, name="start"),
    path("todos", todos_page.todos_page, name="todos"),
    path("todos/<int:todo_id>/done", todos_page.done, name="todo-done"),
    path("account", screens.account, name="account"),
    path("account/password", screens.password, name="password"),
    path("account/preferences", screens.preferences, name="preferences"),
    path("opening-hours", calendar_page.opening_hours_page, name="opening-hours"),
    path("opening-hours/week", calendar_page.week, name="opening-week"),
    path("opening-hours/day", calendar_page.special_day, name="special-day"),
    path("opening-hours/day/remove", calendar_page.remove_day, name="remove-special-day"),
    path("colleagues", people.colleagues, name="colleagues"),
    path("colleagues/add", people.add, name="add-colleague"),
    path("colleagues/propose", people.propose, name="propose-sign-in"),
    path("colleagues/<int:employee_id>", people.colleague, name="colleague"),
    path("colleagues/<int:employee_id>/change", people.change, name="change-colleague"),
    path("colleagues/<int:employee_id>/link", people.link, name="password-link"),
    path("colleagues/<int:employee_id>/release", people.release, name="release-colleague"),
    path("colleagues/<int:employee_id>/leave", people.leave, name="colleague-leaves"),
    path("colleagues/<int:employee_id>/come-back", people.come_back, name="colleague-comes-back"),
    path("password/<str:token>", password_page.new_password, name="new-password"),
    path("stores/<int:store_id>/open", screens.open_store, name="open-store"),
    path("undo/<uuid:uid>", screens.undo, name="undo"),
    path("search", screens.search, name="search"),
    path("files/<uuid:uid>/<slug:piece>", files_page, name="file"),
]
