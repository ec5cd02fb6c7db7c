"""The site in a host's clothes: an own sign-in page, and public pages that people write on."""

from django.contrib.auth import authenticate, login
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_protect

from site_config.models import Note
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site

NAME_AND_PASSWORD = ("username", "password")


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


@login_required
def bare(request):
    """A page with our script, but without our dialog."""
    return render(request, "bare.html")


@login_not_required
@csrf_protect
def two_steps(request):
    """A sign-in page that asks for more than a password."""
    if request.POST.get("code") == "123456":
        login(request, authenticate(request, **{k: request.POST[k] for k in NAME_AND_PASSWORD}))
        return redirect(request.GET["next"])
    return render(request, "two_steps.html")


@login_required
def hx_headers(request):
    """A page whose body gives each request of htmx the token, by a header spelled as one likes."""
    return render(request, "hx_headers.html", {"header": request.GET["header"]})


@login_required
def write(request):
    Note.objects.create(owner=request.user, text=request.method)
    return HttpResponse(f"{request.method} by {request.user.first_name}")


urlpatterns = [
    path("bare/", bare),
    path("board/", board),
    path("hx-headers/", hx_headers),
    path("write/", write, name="write"),
    path("two-steps/", two_steps),
    path("secret/", secret),
    path("boosted/", boosted),
    path("accounts/login/", auth_views.LoginView.as_view()),
    *site,
]
