"""auth_ui with everything on, as its README says it."""

from projects.common import *

AUTHENTICATION_BACKENDS = [
    "auth_ui.lockout.backends.LockoutBackend",
    "auth_ui.backends.PasswordBackend",
]
CSRF_FAILURE_VIEW = "auth_ui.csrf.csrf_failure"
INSTALLED_APPS = [*INSTALLED_APPS, "auth_ui", "auth_ui.lockout"]
LOGIN_URL = "auth_ui:login"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "auth_ui.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auth_ui.middleware.AuthUIMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "projects.ours.urls"
TEMPLATES = templates(FOLDER / "ours/templates")
