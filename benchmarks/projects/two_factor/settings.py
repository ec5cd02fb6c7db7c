"""django-two-factor-auth, as its installation guide says it; no user has a second factor."""

from projects.common import *

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "two_factor",
]
LOGIN_URL = "two_factor:login"
MIDDLEWARE = [*MIDDLEWARE]
MIDDLEWARE.insert(
    MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
    "django_otp.middleware.OTPMiddleware",
)
ROOT_URLCONF = "projects.two_factor.urls"
TEMPLATES = templates(FOLDER / "two_factor/templates")
