"""All addresses: each installed package's own under its name, the foundation's at the root."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from cheyi.foundation.web import troubles
from cheyi.project import api, import_page, setup_page


def _mounted() -> list[URLResolver]:
    found: list[URLResolver] = []
    for name in settings.OWN_APPS:
        package = name.removeprefix("cheyi.")
        if package != "project" and find_spec(f"{name}.urls") is not None:
            found.append(path("" if package == "foundation" else f"{package}/", include(f"{name}.urls")))
    return found


handler400 = troubles.bad_request
handler404 = troubles.not_found
handler500 = troubles.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("set-up/<str:token>", setup_page.set_up, name="set-up"),
    path("import", import_page.import_page, name="import"),
    path("import/try", import_page.try_out, name="import-try"),
    path("import/apply", import_page.apply, name="import-apply"),
    path("import/<str:table>", import_page.import_page, name="import-table"),
    path("import/<str:table>/template", import_page.template, name="import-template"),
    path("api/v1/", include((api.addresses(), "api"))),
    *_mounted(),
]
