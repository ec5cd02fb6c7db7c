"""A session ended: the one place that decides so, and what the request that met it is answered."""

import copy
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from auth_ui.continuity import browsers, known, parking
from auth_ui.http import htmx
from auth_ui.http.visit import visit
from auth_ui.navigation.login_urls import asks_to_sign_in, with_next, without_useless_next
from auth_ui.navigation.targets import match_at, new_view, safe_target, view_class
from auth_ui.signals import record
from auth_ui.views import LoginView


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer a request that was sent to sign in.

    Args:
        request: any request, after its view.
        response: the view's answer.

    Returns:
        For htmx a 401 with the sign-in form; for a posted form the redirect to sign in, with the
        page that offers to send it as `next`; the same response if nobody was sent to sign in, or
        somebody is signed in, or has signed out just now.
    """
    asks = asks_to_sign_in(request, response, has_looked=browsers.has_looked(request))
    if not asks or visit(request).signed_out or browsers.is_signed_in(request):
        return response
    record_end(request)
    if htmx.is_partial(request):
        return challenge(request, response["Location"])
    if request.method == "POST":
        response = parking.park(request, response)
    if issubclass(view_class(match_at(response["Location"])), LoginView):
        response["Location"] = without_useless_next(request, response["Location"])
    htmx.vary_on_shape(response)
    return response


def record_end(request: HttpRequest) -> None:
    """Record that a session ended without a sign-out: by its age, by staff, with its account.

    Once for each session, however many requests meet its end.
    """
    user = known.user_of_marker(request)
    if user and known.close(request, user):
        record("session_ended", request, person=user)


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
    reason = "ended" if browsers.has_ended_session(request) else "needed"
    asked = as_get(request, login_url)
    match = match_at(login_url)
    if match is None or not issubclass(view_class(match), LoginView):
        context = {"login_url": login_url, "reason": reason}
        return render_to_string("auth_ui/_login_elsewhere.html", context, request=asked)
    view = new_view(match)
    view.setup(asked)
    context = view.get_context_data(reason=reason)
    return render_to_string(view.fragment_name, context, request=asked)


def as_get(request: HttpRequest, url: str) -> HttpRequest:
    """Return this request as if it asked for `url`: the form must not see what was posted."""
    asked = copy.copy(request)
    parts = urlsplit(url)
    asked.method, asked.path, asked.GET = "GET", parts.path, QueryDict(parts.query)
    asked.POST = QueryDict()
    return asked
