"""The sign-in page of Django's admin."""

from projects.common import *

INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]
LOGIN_URL = "admin:login"
ROOT_URLCONF = "projects.admin.urls"
TEMPLATES = templates()
