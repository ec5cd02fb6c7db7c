"""The site in a host's clothes: an own sign-in page, and public pages that people write on."""

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.shortcuts import render
from django.urls import path

from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site


@login_not_required
def board(request):
    """A page that anybody may read, with a form that only a signed-in person may send."""
    return render(request, "board.html")


@login_required
def secret(request):
    return render(request, "secret.html")


@login_required
def boosted(request):
    return render(request, "boosted.html")


urlpatterns = [
    path("board/", board),
    path("secret/", secret),
    path("boosted/", boosted),
    path("accounts/login/", auth_views.LoginView.as_view()),
    *site,
]
