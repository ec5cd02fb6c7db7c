"""What an htmx request is answered when it meets an ended session."""

import copy
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from auth_ui.continuity.browsers import Browser
from auth_ui.http import htmx
from auth_ui.navigation.login_urls import with_next
from auth_ui.navigation.targets import match_at, new_view, safe_target, view_class
from auth_ui.views import LoginView


def challenge(request: HttpRequest, login_redirect: str) -> HttpResponse:
    """Answer 401 with the sign-in fragment (RFC 9110 15.5.2), for the script to open in the dialog.

    A page without our script follows `HX-Redirect` to the sign-in page instead.

    Args:
        request: an htmx request that met an ended session.
        login_redirect: where Django would send it to sign in, with its own path as `next`.
    """
    page = safe_target(
        htmx.current_url(request), request=request, allowed_hosts={request.get_host()}
    )
    login_url = with_next(request, login_redirect, page)
    response = HttpResponse(_fragment(request, login_url), status=401)
    response["WWW-Authenticate"] = "auth-ui"
    response["HX-Redirect"] = login_url
    add_never_cache_headers(response)
    htmx.vary_on_shape(response)
    return response


def _fragment(request: HttpRequest, login_url: str) -> str:
    reason = "ended" if Browser.of(request).here else "needed"
    asked = as_get(request, login_url)
    view = _login_view(login_url)
    if view is None:
        context = {"login_url": login_url, "notice": reason}
        return render_to_string("auth_ui/_login_elsewhere.html", context, request=asked)
    view.setup(asked)
    context = view.get_context_data(notice=reason)
    return render_to_string(view.fragment_name, context, request=asked)


def as_get(request: HttpRequest, url: str) -> HttpRequest:
    """Return this request as if it asked for `url`: the form must not see what was posted."""
    asked = copy.copy(request)
    parts = urlsplit(url)
    asked.method, asked.path, asked.GET = "GET", parts.path, QueryDict(parts.query)
    asked.POST = QueryDict()
    return asked


def _login_view(login_url: str) -> LoginView | None:
    """Return our sign-in view at `login_url`, or None if it is somebody else's."""
    match = match_at(login_url)
    return new_view(match) if match and issubclass(view_class(match), LoginView) else None
