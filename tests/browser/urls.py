"""The site, and addresses at which each of its error pages can be looked at."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseNotAllowed
from django.urls import path

from auth_ui.csrf import csrf_failure
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site


@login_not_required
def bad_request(request):
    raise BadRequest


@login_not_required
def forbidden(request):
    raise PermissionDenied


@login_not_required
def stale(request):
    return csrf_failure(request)


@login_not_required
def not_allowed(request):
    return HttpResponseNotAllowed(["POST"])


@login_not_required
def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("400/", bad_request),
    path("403/", forbidden),
    path("403-csrf/", stale),
    path("405/", not_allowed),
    path("500/", broken),
    *site,
]
