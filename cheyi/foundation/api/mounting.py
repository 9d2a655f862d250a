"""What is checked before a call is read: its method, the kind of its body, its size. All answers are problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from cheyi.foundation.refusals import sentence
from cheyi.foundation.web.refusing import problem_json
from cheyi.kernel import Refused

MEGABYTE = 1024 * 1024
View = Callable[..., HttpResponse]


def guarded(view: View, media: Mapping[str, str]) -> View:
    """The view behind these checks; ``media`` says for each method (GET, POST) what a body must be, or nothing."""

    def run(request: HttpRequest, **arguments: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in media:
            known = ", ".join(sorted(media))
            answer = _problem(405, Refused("foundation.form.wrong_method", methods=known))
            answer.headers["Allow"] = known
            return answer
        wanted = media[method]
        encoded = request.headers.get("Content-Encoding", "identity") != "identity"
        if wanted and (request.content_type != wanted or encoded):
            return _problem(415, Refused("foundation.form.wrong_media", media=wanted))
        if method == "GET" and request.method == "HEAD":
            request.method = "GET"
        try:
            return view(request, **arguments)
        except RequestDataTooBig:
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
            return _problem(413, Refused("foundation.form.too_large", megabytes=most))

    return run


def _problem(status: int, refused: Refused) -> HttpResponse:
    return problem_json(status, refused.code, sentence(refused))
