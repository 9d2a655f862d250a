"""Sessions in the database, as Django keeps them; the question that every request begins with is kept ready."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends import db

from cheyi.foundation.questions import Question


def _alive(key: Any, now: Any) -> Any:
    return db.SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)


ALIVE = Question(_alive)


class SessionStore(db.SessionStore):
    """Django's store of sessions, read by one question whose text is made once."""

    def _get_session_from_db(self) -> Any:
        found = ALIVE.first(key=self.session_key, now=datetime.now(UTC)) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
