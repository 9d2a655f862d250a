"""What the web server calls."""

from __future__ import annotations

import os
from typing import cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cheyi.project.settings")

_django = get_wsgi_application()

from cheyi.foundation.web.static import Application, WithStaticFiles  # noqa: E402 - settings must be loaded first

application = WithStaticFiles(cast("Application", _django))
