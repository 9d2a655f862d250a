"""Addresses that only the tests know: one that writes, one that refuses, one that is missing."""

from django.http import HttpResponse
from django.urls import include, path

from cheyi.foundation.access import permission
from cheyi.foundation.acts import act, audit
from cheyi.foundation.models import Team
from cheyi.foundation.pages import go, page, public_page, say
from cheyi.kernel import Refused

permission("foundation.trial.write", capability="work_order", letter="E")
permission("foundation.trial.read", capability="work_order", letter="V")


@act
def add_team(name, *, by, now):
    if name == "refuse":
        raise Refused("foundation.undo.impossible", field="name")
    team = Team.objects.create(store_id=by.store_id, name=name, created_at=now)
    return audit(by, "foundation.trial.added", team, now=now, undo=("foundation.trial.write", {}))


@page("foundation.trial.write")
def write(request):
    entry = add_team(request.POST["name"], by=request.viewer, now=request.now)
    say(request, "added", undo=entry)
    if request.POST["name"] == "broken":
        raise ValueError("the program is wrong")
    return go(request, "home")


@page("foundation.trial.write")
def form_error(request):
    add_team(request.POST["name"], by=request.viewer, now=request.now)
    return HttpResponse("no", status=422)


@page("foundation.trial.read", methods=("GET",))
def read(request, team_id):
    return HttpResponse(Team.objects.get(pk=team_id).name)


@public_page("the test's home", methods=("GET",))
def home(request):
    return HttpResponse("home")


urlpatterns = [
    path("write", write),
    path("form-error", form_error),
    path("teams/<int:team_id>", read),
    path("home", home, name="home"),
    path("", include("cheyi.project.urls")),  # the rail leads to every package
]
