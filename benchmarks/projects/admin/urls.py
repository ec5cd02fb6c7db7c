from django.contrib import admin
from django.urls import path

from projects.pages import urlpatterns as pages

urlpatterns = [*pages, path("admin/", admin.site.urls)]
