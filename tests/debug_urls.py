"""The site's URLs as they are while DEBUG is on."""

from django.urls import include, path

from site_config.urls import *  # noqa: F403
from site_config.urls import try_it_urls
from site_config.urls import urlpatterns as site

urlpatterns = [path("try-it/", include(try_it_urls)), *site]
