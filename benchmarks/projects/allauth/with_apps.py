"""django-allauth with its apps for second factors and for a user's sessions."""

from projects.allauth.settings import *

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.humanize",
    "allauth.mfa",
    "allauth.usersessions",
]
