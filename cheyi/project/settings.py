"""Django's settings; everything a shop may change comes from the environment (docs/operations.md)."""

from __future__ import annotations

import atexit
import importlib.util
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

import environ  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as _

from cheyi.foundation.logs import configure as configure_logs

env = environ.Env()

# pytest says so itself; a test that starts the real program passes its own CHEYI_DATA.
TESTING: bool = env.bool("CHEYI_TESTING", default="PYTEST_VERSION" in os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent


def _data_dir() -> Path:
    if named := env.str("CHEYI_DATA", default=""):
        return Path(named).resolve()
    return _passing_directory() if TESTING else Path("data").resolve()


def _passing_directory() -> Path:
    """A directory for tests, gone when the process that made it ends (not when one of its forks does)."""
    made, maker = Path(tempfile.mkdtemp(prefix="cheyi-test-")), os.getpid()
    atexit.register(lambda: shutil.rmtree(made, ignore_errors=True) if os.getpid() == maker else None)
    return made


def _secret_key(file: Path) -> str:
    """The kept key, or one for this process alone where no installation exists yet (making migrations, tests)."""
    return file.read_text("ascii").strip() if file.is_file() else secrets.token_urlsafe(48)


DATA_DIR = _data_dir()
KEYS_DIR = DATA_DIR / "keys"
MEDIA_ROOT = DATA_DIR / "files"
STATIC_ROOT = DATA_DIR / "static"
SECRET_KEY = _secret_key(KEYS_DIR / "secret.key")

DEBUG: bool = env.bool("CHEYI_DEBUG", default=False)
DEMO: bool = (DATA_DIR / "demo").exists()
ALLOWED_HOSTS: list[str] = env.list("CHEYI_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SECURE: bool = env.bool("CHEYI_TLS", default=False)


# --- what is installed ------------------------------------------------------------------------------------------------
# From below upwards; upper ones can be left out, for example CHEYI_PACKAGES=foundation,customers,project.
ALL_PACKAGES = ["foundation", "customers", "vehicles", "settlement", "parts", "workshop", "care", "project"]
PACKAGES: list[str] = env.list("CHEYI_PACKAGES", default=ALL_PACKAGES)


def _is_app(package: str) -> bool:
    return importlib.util.find_spec(f"cheyi.{package}.apps") is not None


OWN_APPS = [f"cheyi.{package}" for package in PACKAGES if _is_app(package)]
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *OWN_APPS,
]
MIDDLEWARE = [
    "cheyi.foundation.web.security.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "cheyi.foundation.web.health.Health",
    "cheyi.project.setup_page.UntilSetUp",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cheyi.foundation.web.viewers.ViewerMiddleware",
    "cheyi.foundation.web.refusing.RefusalMiddleware",
]
ROOT_URLCONF = "cheyi.project.urls"
WSGI_APPLICATION = "cheyi.project.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []


# --- database ---------------------------------------------------------------------------------------------------------
def _database() -> dict[str, Any]:
    default = f"sqlite:///{DATA_DIR / 'cheyi.sqlite3'}"
    address = env.str("TEST_DATABASE_URL" if TESTING else "DATABASE_URL", default="") or default
    config: dict[str, Any] = environ.Env.db_url_config(address)
    if config["ENGINE"].endswith("sqlite3"):
        config |= {
            "ENGINE": "cheyi.foundation.db.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    else:
        config |= {
            "ENGINE": "cheyi.foundation.db.postgresql",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # Statements that come again are parsed and planned once a connection: half of their time is planning.
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
        }
    return config


DATABASES = {"default": _database()}
# A SELECT on a scoped table that names no scope column: refuse, log or off (reliability.md 5.4). PostgreSQL has
# row-level security for it and needs the tripwire in tests only.
_WATCH = "off" if DATABASES["default"]["ENGINE"].endswith("postgresql") else "log"
TRIPWIRE: str = env.str("CHEYI_TRIPWIRE", default="refuse" if TESTING else _WATCH)


# --- screens ----------------------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            BASE_DIR / package / "templates" for package in PACKAGES if (BASE_DIR / package / "templates").is_dir()
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "cheyi.foundation.ui.environment.environment"},
    },
]
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cheyi.foundation.web.static.HashedFiles"},
}
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / package / "locale" for package in PACKAGES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


# --- signing in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "foundation.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_JUDGES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [  # foundation/passwords.py says what they find in our words
    {"NAME": f"{_JUDGES}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_JUDGES}.NumericPasswordValidator"},
    {"NAME": f"{_JUDGES}.CommonPasswordValidator"},
    {"NAME": f"{_JUDGES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["name"]}},
]
SESSION_ENGINE = "cheyi.foundation.web.sessions"
SESSION_COOKIE_NAME = "__Host-cheyi" if SECURE else "cheyi"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cheyi.foundation.web.troubles.stale_form"
CSRF_COOKIE_NAME = "__Host-cheyi-csrf" if SECURE else "cheyi-csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
BEHIND_PROXY = env.bool("CHEYI_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None


# --- limits of this machine -------------------------------------------------------------------------------------------
WORKER_THREADS: int = env.int("CHEYI_WORKER_THREADS", default=2)

LOGGING_CONFIG = None
configure_logs(level=env.str("CHEYI_LOG_LEVEL", default="WARNING" if TESTING else "INFO"))
