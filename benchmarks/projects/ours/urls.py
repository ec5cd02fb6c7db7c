from django.urls import include, path

from projects.pages import notes
from projects.pages import urlpatterns as pages

urlpatterns = [
    *pages,
    path("included/", notes, {"template": "included.html"}),
    path("", include("auth_ui.urls")),
]
