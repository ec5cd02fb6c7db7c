from django.urls import include, path
from two_factor.urls import urlpatterns as two_factor

from projects.pages import urlpatterns as pages

urlpatterns = [*pages, path("", include(two_factor))]
