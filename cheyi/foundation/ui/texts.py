"""The words that scripts show, translated by the server and handed over as JSON."""

from __future__ import annotations

from django.utils.translation import gettext


def script_texts() -> dict[str, str]:
    """Every text of ``static/cheyi/js``, in the language of the request."""
    return {
        "offline": gettext("The network is down. What you typed is kept here and sent when it is back."),
        "retry": gettext("Try again"),
        "sent_later": gettext("Back online, sent"),
        "not_saved": gettext("Not saved, what you typed is still here."),
        "timed_out": gettext("No answer yet. What you typed is kept."),
        "restored": gettext("Your unsaved draft is back"),
        "search_failed": gettext("The search does not answer. Try again"),
        "photo_failed": gettext("This photo could not be read. It is sent as it is."),
    }
