"""The runnable site. Production by default: development is asked for with DEBUG=1."""

import os
from pathlib import Path

import dj_database_url
import django

from site_config import environment
from site_config.headers import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.flag("DEBUG")

SECRET_KEY = environment.value(
    "SECRET_KEY",
    development="for development only: never signs anything real",
    purpose="It signs sessions and tokens: at least 50 random characters.",
)
ALLOWED_HOSTS = environment.words(
    environment.value(
        "ALLOWED_HOSTS",
        development="localhost, 127.0.0.1, [::1]",
        purpose="List the site's host names, separated by commas.",
    )
)

INSTALLED_APPS = [
    "site_config",
    "auth_ui",
    "auth_ui.lockout",
    "auth_ui.recovery",
    "auth_ui.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "site_config.proxy.TrustedProxyMiddleware",
    "site_config.boundary.ReadableCookiesMiddleware",
    "site_config.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auth_ui.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auth_ui.middleware.AuthUIMiddleware",
    "site_config.errors.MethodNotAllowedPageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "site_config.urls"
WSGI_APPLICATION = "site_config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# A connection is kept for the life of its thread, which measured three times the sign-ins a second.
DATABASES = {
    "default": dj_database_url.parse(
        environment.value(
            "DATABASE_URL",
            development=f"sqlite:///{BASE_DIR / 'db.sqlite3'}",
            purpose="Say where the data is: postgres://... or sqlite:////path/to/file.",
        ),
        conn_max_age=None,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Who waits for a server that is gone reads so soon.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers do not wait for the writer, and writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,  # seconds
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "site_config.User"
AUTHENTICATION_BACKENDS = [
    "auth_ui.lockout.backends.LockoutBackend",
    "auth_ui.backends.PasswordBackend",
]
# Half of the threads that gunicorn.conf.py gives a process: no flood of sign-ins takes the others.
AUTH_UI_CONCURRENT_SIGN_INS = max(1, int(os.environ.get("THREADS", "24")) // 2)
# A failed sign-in runs the first, and the second too as long as any account has such a hash.
PASSWORD_HASHERS = [
    "auth_ui.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# No rules about kinds of characters: they make passwords worse (NIST SP 800-63B-4, 3.1.1.2).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "auth_ui.validators.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "auth_ui:login"
LOGIN_REDIRECT_URL = "dashboard"

# A link in an e-mail leads here. Without it, to whichever of ALLOWED_HOSTS was asked.
AUTH_UI_ORIGIN = os.environ.get("ORIGIN", "")
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "webmaster@localhost")
MAILERS = {
    "default": {"BACKEND": "site_config.mail.EmailBackend"}
    if DEBUG
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": os.environ.get("MAIL_HOST", "localhost"), "timeout": 20},  # seconds
    }
}
if django.VERSION < (6, 1):  # which reads these in the place of MAILERS
    EMAIL_BACKEND = MAILERS["default"]["BACKEND"]
    EMAIL_HOST = os.environ.get("MAIL_HOST", "localhost")
    EMAIL_TIMEOUT = 20  # seconds

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our files
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CSRF_FAILURE_VIEW = "auth_ui.csrf.csrf_failure"
AUTH_UI_CLEAR_SITE_DATA = True

# The proxy that ends TLS, if there is one. It must replace what it is believed, never pass it on.
TRUSTED_PROXY = environment.value(
    "TRUSTED_PROXY",
    development="none",
    purpose="Name the address of the proxy that ends TLS, or say none if this server does.",
)
AUTH_UI_TRUSTED_PROXIES = [] if TRUSTED_PROXY == "none" else environment.words(TRUSTED_PROXY)
if AUTH_UI_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers take these names over https only, for this host and the whole of it. The script reads
    # the CSRF cookie; both stay SameSite=Lax, as Django sets them.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if django.VERSION < (6, 1):
    # Signed cookies of one kind must not pass as another (CVE-2026-6873). From Django 6.1 on it is
    # off by default, and setting it is deprecated.
    SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False

# Our lines are JSON (auth_ui/signals.py); Django's are for whoever runs the server.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "auth_ui": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "INFO"},
    },
}
