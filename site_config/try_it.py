"""What a newcomer can try while DEBUG is on: a note outlives its session, its token, a sign-out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from auth_ui.http import htmx

View = Callable[[HttpRequest], HttpResponse]

# Their passwords are published, so they are made and shown only while DEBUG is on.
DEMO_ACCOUNTS: list[dict[str, Any]] = [
    {
        "username": "ada",
        "password": "lovelace-1815-engine",
        "email": "ada@example.com",
        "first_name": "Ada",
    },
    {
        "username": "grace",
        "password": "hopper-1906-compiler",
        "email": "grace@example.com",
        "first_name": "Grace",
        "is_staff": True,
        "is_superuser": True,
    },
]


def only_with_debug(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request)

    return guarded


@only_with_debug
@require_POST
@vary_on_headers(*htmx.SHAPE_HEADERS)
def end_session(request: HttpRequest) -> HttpResponse:
    """End the session as its age would: it is gone from the server, and the cookies stay."""
    request.session.delete(request.session.session_key)
    request.user = AnonymousUser()
    return _say(request, "try_it/_session_ended.html")


@only_with_debug
@require_POST
@vary_on_headers(*htmx.SHAPE_HEADERS)
def make_token_stale(request: HttpRequest) -> HttpResponse:
    """Change the CSRF token under the open page, as a sign-in in another tab would."""
    rotate_token(request)
    return _say(request, "try_it/_token_is_stale.html")


def _say(request: HttpRequest, fragment: str) -> HttpResponse:
    if htmx.wants_fragment(request):
        return render(request, fragment)
    return render(request, "try_it/done.html", {"fragment": fragment})
