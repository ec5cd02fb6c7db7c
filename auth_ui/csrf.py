"""What a user reads instead of a bare 403 when a page's CSRF token has gone stale."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from auth_ui.accounts import users
from auth_ui.accounts.users import meant_name, typed_name
from auth_ui.continuity import visit
from auth_ui.continuity.ended import (
    as_get,
    challenge,
    challenge_script,
    our_login_view,
    record_end,
)
from auth_ui.continuity.parking import Form
from auth_ui.http import htmx, private, scripts
from auth_ui.http.notices import notice
from auth_ui.navigation.targets import new_view, view_class
from auth_ui.views import LoginView, LogoutView


# The view that was meant has not run, so its decorators mask nothing of what was posted.
@sensitive_post_parameters()
@sensitive_variables()
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Recover from a stale token where it is safe, and explain everywhere else.

    For `CSRF_FAILURE_VIEW`. A forgery from another site gets nothing done, stored or shown.
    """
    private.read_form(request)
    if "Origin" in request.headers and not private.is_from_trusted_origin(request):
        return _refuse(request, reason, "not_accepted")
    match = request.resolver_match
    if match and request.method == "POST":
        if issubclass(view_class(match), LogoutView):
            return _sign_out(request, match)
        if issubclass(view_class(match), LoginView):
            return _sign_in_again(request, match)
    if visit.is_of_another(request):
        return notice(request, "someone_else", status=409)
    is_in_page = htmx.is_partial(request) or scripts.is_script(request)
    if is_in_page and visit.has_ended_session(request):
        return _ended(request)
    if not visit.is_of_this_user(request):
        return _refuse(request, reason, _cause(request))
    return _send_again(request, reason)


def _cause(request: HttpRequest) -> str:
    """Return the notice of why Django has refused a token, as far as that is known."""
    if not request.COOKIES:
        return "no_cookies"
    # A page that has no token at all is no older one: its form lacks it.
    return "refused" if visit.posted_secret(request) else "not_accepted"


def _refuse(request: HttpRequest, reason: str, cause: str) -> HttpResponse:
    """Say that nothing was done; while DEBUG is on, the developer reads Django's reason too."""
    return notice(request, cause, status=403, reason=reason, debug=settings.DEBUG)


def _sign_out(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Sign out where the browser vouches for our own origin, or nobody is signed in any more."""
    view: LogoutView = new_view(match)
    view.setup(request)
    if visit.is_of_another(request):
        return view.ask_again(request)
    is_own = not visit.is_signed_in(request) or visit.is_of_this_user(request)
    if not is_own and "Origin" not in request.headers:
        return view.render_to_response(view.get_context_data(), status=403)
    return view.post(request)


def _sign_in_again(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Show the form once more with the typed name, or let the user of that name go on.

    Anybody else is told who is signed in already.
    """
    view: LoginView = new_view(match)
    view.setup(request)
    if (
        visit.is_signed_in(request)
        and users.look_up(None, meant_name(typed_name(request.POST))) == request.user
    ):
        return view.go_on()
    query = QueryDict(mutable=True)
    query["next"] = view.get_redirect_url()
    view.initial = {"username": request.POST.get("username", "")}
    view.setup(as_get(request, f"{request.path}?{query.urlencode()}"))
    # htmx 2 swaps no 403.
    status = 200 if htmx.is_partial(request) else 403
    why = "try_again" if request.COOKIES else "no_cookies"
    response = view.render_to_response(view.get_context_data(reason=why), status=status)
    add_never_cache_headers(response)
    return response


def _ended(request: HttpRequest) -> HttpResponse:
    """With CSRF_USE_SESSIONS an ended session takes the token along, and nothing else tells it."""
    record_end(request)
    login_url = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL)).url
    if scripts.is_script(request):
        return challenge_script(request, login_url)
    return challenge(request, login_url, our_login_view(request, login_url))


def _send_again(request: HttpRequest, reason: str) -> HttpResponse:
    """Let a user send once more what a page of their own held."""
    parked = Form.of(request)
    if parked.is_sensitive:
        return _refuse(request, reason, "refused")
    if htmx.is_partial(request):
        return notice(request, "try_again", status=403)
    response = render(request, "auth_ui/send_again.html", {"parked": parked}, status=403)
    add_never_cache_headers(response)
    return response
