"""The host's pages, with django-allauth's own beside them."""

from django.urls import include, path

from tests.browser.host_urls import *  # noqa: F403
from tests.browser.host_urls import urlpatterns as host

urlpatterns = [path("allauth/", include("allauth.urls")), *host]
