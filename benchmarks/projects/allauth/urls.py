from django.urls import include, path

from projects.pages import urlpatterns as pages

urlpatterns = [*pages, path("accounts/", include("allauth.urls"))]
