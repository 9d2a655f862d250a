"""Addresses of the foundation's own pages."""

from django.urls import path

from cheyi.foundation import calendar_page, screens
from cheyi.foundation.files import files_page

app_name = "foundation"
urlpatterns = [
    path("", screens.home, name="home"),
    path("sign-in", screens.sign_in_page, name="sign-in"),
    path("sign-out", screens.sign_out, name="sign-out"),
    path("language", screens.language, name="language"),
    path("start", screens.start, name="start"),
    path("account", screens.account, name="account"),
    path("account/password", screens.password, name="password"),
    path("account/preferences", screens.preferences, name="preferences"),
    path("opening-hours", calendar_page.opening_hours_page, name="opening-hours"),
    path("opening-hours/week", calendar_page.week, name="opening-week"),
    path("opening-hours/day", calendar_page.special_day, name="special-day"),
    path("opening-hours/day/remove", calendar_page.remove_day, name="remove-special-day"),
    path("stores/<int:store_id>/open", screens.open_store, name="open-store"),
    path("undo/<uuid:uid>", screens.undo, name="undo"),
    path("search", screens.search, name="search"),
    path("files/<uuid:uid>/<slug:piece>", files_page, name="file"),
]
