"""django-allauth, as its quickstart says it for a project without social accounts."""

from projects.common import *

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
INSTALLED_APPS = [*INSTALLED_APPS, "allauth", "allauth.account"]
LOGIN_URL = "account_login"
MIDDLEWARE = [*MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "projects.allauth.urls"
TEMPLATES = templates()
