"""What a person reads instead of a bare 403 when a page's CSRF token has gone stale."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware import csrf
from django.shortcuts import render, resolve_url
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers

from auth_ui.accounts import users as people
from auth_ui.accounts.users import typed_name
from auth_ui.continuity import person
from auth_ui.continuity.browsers import Browser
from auth_ui.continuity.ended import as_get, challenge
from auth_ui.continuity.parking import Parked
from auth_ui.http import htmx
from auth_ui.http.notices import notice
from auth_ui.navigation.targets import new_view, view_class
from auth_ui.views import LoginView, LogoutView


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Recover from a stale token where it is safe, and explain everywhere else.

    For `CSRF_FAILURE_VIEW`. A forgery from another site gets nothing done, stored or shown.
    """
    if _is_from_elsewhere(request):
        return notice(request, "refused", status=403)
    match = request.resolver_match
    if match and request.method == "POST":
        if issubclass(view_class(match), LogoutView):
            return _sign_out(request, match)
        if issubclass(view_class(match), LoginView):
            return _sign_in_again(request, match)
    if person.is_someone_else(request):
        return notice(request, "someone_else", status=409)
    if not person.is_signed_in(request):
        return _ended_or_refused(request)
    return _send_again(request)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Tell whether a browser says that another site, or a page it does not name, sent this."""
    return request.headers.get("Origin", _own_origin(request)) != _own_origin(request)


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _sign_out(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Sign out where the browser vouches for our own origin, or nobody is signed in any more."""
    view: LogoutView = new_view(match)
    view.setup(request)
    if "Origin" not in request.headers and person.is_signed_in(request):
        return view.render_to_response(view.get_context_data(), status=403)
    return view.post(request)


def _sign_in_again(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Show the form once more with the typed name, or let the person of that name go on.

    Anybody else is told who is signed in already.
    """
    view: LoginView = new_view(match)
    view.setup(request)
    if (
        person.is_signed_in(request)
        and people.look_up(None, typed_name(request.POST)) == request.user
    ):
        return view.go_on()
    query = QueryDict(mutable=True)
    query["next"] = view.get_redirect_url()
    view.initial = {"username": request.POST.get("username", "")}
    view.setup(as_get(request, f"{request.path}?{query.urlencode()}"))
    # htmx 2 swaps no 403.
    status = 200 if htmx.is_partial(request) else 403
    response = view.render_to_response(view.get_context_data(notice="try_again"), status=status)
    add_never_cache_headers(response)
    return response


def _ended_or_refused(request: HttpRequest) -> HttpResponse:
    """With CSRF_USE_SESSIONS an ended session takes the token along, and nothing else tells it."""
    if htmx.is_partial(request) and Browser.of(request).here:
        login_url = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL)).url
        return challenge(request, login_url)
    return notice(request, "refused", status=403)


def _send_again(request: HttpRequest) -> HttpResponse:
    """Let a person send once more what a page of their own held."""
    parked = Parked.of(request)
    if not _is_own_page(request) or parked.is_sensitive:
        return notice(request, "refused", status=403)
    if htmx.is_partial(request):
        return notice(request, "try_again", status=403)
    response = render(request, "auth_ui/send_again.html", {"parked": parked}, status=403)
    add_never_cache_headers(response)
    return response


def _is_own_page(request: HttpRequest) -> bool:
    """Tell whether the page that sent this was made in this browser for who is signed in now."""
    if request.headers.get(person.TAG_HEADER):
        return True  # and not somebody else's, which is answered before
    token = request.POST.get("csrfmiddlewaretoken", "")
    try:
        csrf._check_token_format(token)  # type: ignore[attr-defined]
    except csrf.InvalidTokenFormat:
        return False
    is_masked = len(token) == csrf.CSRF_TOKEN_LENGTH
    secret = csrf._unmask_cipher_token(token) if is_masked else token  # type: ignore[attr-defined]
    return person.held_secret(request, secret)
