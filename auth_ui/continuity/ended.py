"""A session ended: the one place that decides so, and what the request that met it is answered."""

import copy
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers
from django.views import View

from auth_ui.continuity import known, parking, visit
from auth_ui.http import htmx, notices, private, scripts
from auth_ui.navigation.sign_in import login_view
from auth_ui.navigation.targets import match_at, new_view, page_before, safe_target, view_class
from auth_ui.signals import record
from auth_ui.views import LoginView


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer a request that was sent to sign in, or refused because nobody is signed in.

    Args:
        request: any request, after its view.
        response: the view's answer.

    Returns:
        For htmx a 401 with the sign-in form, for a script a 401 with problem details; for a posted
        form the redirect to sign in, with the page that offers to send it as `next`. For a user who
        is signed in, and is sent to our sign-in page all the same, a 403 that says so. The same
        response if nobody was sent to sign in, or somebody has signed in or out just now.
    """
    sent = _redirect_to_sign_in(request, response)
    if sent is None:
        return response
    view = our_login_view(request, sent["Location"])
    if visit.is_signed_in(request):
        return _not_allowed(request, sent) if view and _may_not_enter(request, sent) else response
    if not visit.is_nobodys(request):
        return response
    record_end(request)
    if htmx.is_partial(request):
        return challenge(request, sent["Location"], view)
    if scripts.is_script(request):
        return challenge_script(request, sent["Location"])
    if request.method == "POST":
        # The address that a form posts to may take no GET.
        target = parking.park(request) or page_before(request)
        sent["Location"] = _with_next(request, sent["Location"], target)
    if view:
        sent["Location"] = _without_useless_next(request, sent["Location"])
    scripts.vary_on_reader(sent)
    return sent


def record_end(request: HttpRequest) -> None:
    """Record that a session ended without a sign-out: by its age, by staff, with its account.

    Once for each session, however many requests meet its end.
    """
    asked = request.auth_ui  # type: ignore[attr-defined]
    user = known.user_of_marker(asked)
    if user and known.close(asked.browser, user):
        record("session_ended", request, person=user)


def our_login_view(request: HttpRequest, url: str) -> LoginView | None:
    """Return our sign-in view at a URL, None if it is somebody else's, or signs nobody in."""
    view = login_view(match_at(url))
    is_open = isinstance(view, LoginView) and view.may_sign_in(as_get(request, url))
    return cast(LoginView, view) if is_open else None


def challenge(request: HttpRequest, login_redirect: str, view: LoginView | None) -> HttpResponse:
    """Answer 401 with the sign-in fragment (RFC 9110 15.5.2), for the script to open in the dialog.

    A page without our script follows `HX-Redirect` to the sign-in page instead.

    Args:
        request: an htmx request that met an ended session.
        login_redirect: where Django would send it to sign in, with its own path as `next`.
        view: our sign-in view there, None if it is somebody else's.
    """
    reason = _why_to_sign_in(request)
    answered = _our_form(request, login_redirect, view, reason) if view else None
    fragment, login_url = answered or _way_elsewhere(request, login_redirect, reason)
    response = HttpResponse(fragment, status=401)
    response["WWW-Authenticate"] = "auth-ui"
    response["HX-Redirect"] = login_url
    add_never_cache_headers(response)
    htmx.vary_on_shape(response)
    return response


def challenge_script(request: HttpRequest, login_redirect: str) -> HttpResponse:
    """Answer 401 with problem details (RFC 9457), which say where a user can sign in.

    Args:
        request: a script's request that met an ended session.
        login_redirect: where Django would send it to sign in, with its own path as `next`.
    """
    here = htmx.current_url(request) or request.headers.get("Referer", "")
    page = safe_target(here, request=request, allowed_hosts={request.get_host()})
    response = scripts.problem(
        request,
        "sign_in_needed",
        status=401,
        facts={"reason": _why_to_sign_in(request)},
        login_url=_with_next(request, login_redirect, page),
    )
    response["WWW-Authenticate"] = "auth-ui"
    return response


def _why_to_sign_in(request: HttpRequest) -> str:
    # Nobody is signed in, so the marker is of a session that has ended.
    return "ended" if request.auth_ui.marked_tag else "needed"  # type: ignore[attr-defined]


def _our_form(
    request: HttpRequest, login_redirect: str, view: LoginView, reason: str
) -> tuple[str, str]:
    """Return the sign-in form for the dialog, and the URL of the page that holds it too."""
    asked = as_get(request, _with_next(request, login_redirect, ""))
    view.setup(asked)
    context = view.get_context_data(reason=reason)
    login_url = _with_next(request, login_redirect, view.get_redirect_url())
    return render_to_string(view.fragment_name, context, request=asked), login_url


def _way_elsewhere(request: HttpRequest, login_redirect: str, reason: str) -> tuple[str, str]:
    """Return a link to somebody else's sign-in page, and its URL."""
    here = htmx.current_url(request)
    page = safe_target(here, request=request, allowed_hosts={request.get_host()})
    login_url = _with_next(request, login_redirect, page)
    context = {"login_url": login_url, "reason": reason}
    asked = as_get(request, login_url)
    return render_to_string("auth_ui/_login_elsewhere.html", context, request=asked), login_url


def as_get(request: HttpRequest, url: str) -> HttpRequest:
    """Return this request as if it asked for `url`: the form must not see what was posted."""
    asked = copy.copy(request)
    parts = urlsplit(url)
    asked.method, asked.path, asked.GET = "GET", parts.path, QueryDict(parts.query)
    asked.POST = QueryDict()
    return asked


def _may_not_enter(request: HttpRequest, sent: HttpResponse) -> bool:
    """Return True if a guard has sent a user to sign in who is signed in already.

    A bare redirect may lead anywhere for any reason, and so may one after a sign-in.
    """
    field_name = _taken_apart(request, sent["Location"])[1]
    return bool(field_name) and not visit.visit_of(request).signed_in


def _not_allowed(request: HttpRequest, sent: HttpResponse) -> HttpResponse:
    here = request.get_full_path() if request.method in ("GET", "HEAD") else page_before(request)
    return notices.not_allowed(request, _with_next(request, sent["Location"], here))


def _redirect_to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """Return the redirect to sign in that a response is, or that its 403 stands for, if any."""
    if isinstance(response, HttpResponseRedirectBase):
        return response if _asks_to_sign_in(request, response) else None
    is_end = response.status_code == 403 and _refuses_nobody(request, response)
    return _redirect_of_guard(request) if is_end and _can_sign_in(request) else None


def _refuses_nobody(request: HttpRequest, response: HttpResponse) -> bool:
    """Return True if a view has refused a request because its session has ended.

    So it has looked at who is signed in, and found nobody in a browser whose user never signed out.
    What is no page is an API's own answer.
    """
    return (
        not response.streaming
        and response.get("Content-Type", "").startswith(scripts.PAGE)
        and notices.HEADER not in response
        and visit.has_looked(request)
        and not visit.visit_of(request).refused_unseen
        and visit.has_ended_session(request)
    )


def _can_sign_in(request: HttpRequest) -> bool:
    """Return True if a view that has refused a request may let it in after a sign-in.

    Not if it is open to everybody, or never ran because of a stale token. And not for what the
    browser asks for by itself, an image say, which can be led nowhere.
    """
    view = getattr(request.resolver_match, "func", None)
    is_checked = (
        request.method in visit.SAFE_METHODS
        or private.passed_csrf_check(request)
        or getattr(view, "csrf_exempt", False)
    )
    is_guarded = getattr(view, "login_required", True)  # as `login_not_required` says it
    is_navigation = (
        request.method in ("GET", "HEAD", "POST")
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )
    is_led = htmx.asks(request) or scripts.is_script(request) or is_navigation
    return bool(is_checked and is_guarded and is_led)


def _redirect_of_guard(request: HttpRequest) -> HttpResponse | None:
    """Return where Django's guard of this view would send nobody, None if that is here."""
    login_url = next((resolve_url(str(url)) for url in _login_urls(request) if url), "")
    if not login_url or urlsplit(login_url).path == request.path:
        return None
    is_here = not urlsplit(login_url).netloc
    back = request.get_full_path() if is_here else request.build_absolute_uri()
    return redirect_to_login(back, login_url, _field_name(request))


def _field_name(request: HttpRequest) -> str:
    view = getattr(request.resolver_match, "func", None)
    options = getattr(view, "view_initkwargs", {})
    own = options.get("redirect_field_name") or getattr(
        view_class(request.resolver_match), "redirect_field_name", None
    )
    return getattr(view, "redirect_field_name", None) or own or REDIRECT_FIELD_NAME


def _asks_to_sign_in(request: HttpRequest, response: HttpResponseRedirectBase) -> bool:
    """Return True if a response sends this request to sign in, before the view did anything.

    That is what `redirect_to_login` writes: the view's login URL, with this request's path as
    `next`. A bare redirect to the sign-in page, after a sign-up say, may have done its work, so it
    counts only for a method that does none, of a view that has looked at who is signed in, or into
    the session; and so does one that brings the user back to another page.
    """
    if response.status_code not in (302, 303):
        return False
    login_url, field_name = _taken_apart(request, response.url)
    if field_name:
        return _is_login_url(request, login_url)
    session = getattr(request, "session", None)
    has_looked = visit.has_looked(request) or getattr(session, "accessed", False)
    is_ours = visit.visit_of(request).redirects_page  # our own views lead on
    is_guard = request.method in ("GET", "HEAD") and has_looked and not is_ours
    return is_guard and _is_login_url(request, _without(login_url, REDIRECT_FIELD_NAME))


def _with_next(request: HttpRequest, url: str, target: str) -> str:
    """Return the URL of a login redirect with another target as its `next`, or with none."""
    login_url, field_name = _taken_apart(request, url)
    field_name = field_name or REDIRECT_FIELD_NAME
    return redirect_to_login(target, login_url, field_name if target else None).url


def _without_useless_next(request: HttpRequest, url: str) -> str:
    """Return a redirect to our sign-in page without a `next` that it would not follow.

    That is above all one so long that some server refuses to read the URL of the sign-in page.
    """
    target = request.get_full_path()
    is_good = safe_target(target, request=request, allowed_hosts={request.get_host()})
    return url if is_good else _with_next(request, url, "")


def _taken_apart(request: HttpRequest, url: str) -> tuple[str, str]:
    """Return a login URL and the name of the parameter that brings a user back here, if any."""
    parts = urlsplit(url)
    # Not a QueryDict, which refuses what has more fields than a form may have.
    query = parse_qsl(parts.query, keep_blank_values=True)
    own_urls = (request.get_full_path(), request.build_absolute_uri(), request.path)
    field_name = next((name for name, value in dict(query).items() if value in own_urls), "")
    if not field_name:
        return url, ""
    return _without(url, field_name), field_name


def _without(url: str, field_name: str) -> str:
    """Return a URL without a parameter."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    rest = [(name, value) for name, value in query if name != field_name]
    return urlunsplit(parts._replace(query=urlencode(rest, safe="/", quote_via=quote)))


def _is_login_url(request: HttpRequest, url: str) -> bool:
    wanted = _comparable(url)
    urls = (resolve_url(str(login_url)) for login_url in _login_urls(request) if login_url)
    return any(_comparable(login_url) == wanted for login_url in urls)


def _comparable(url: str) -> tuple[Any, ...]:
    """Return a URL with its query as values, which can be written in several ways."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc, parts.path, parse_qsl(parts.query, keep_blank_values=True)


def _login_urls(request: HttpRequest) -> list[Any]:
    """Return the login URL that a decorator has noted on the view, a mixin's, and the project's."""
    match = request.resolver_match
    noted = getattr(match and match.func, "login_url", None)
    return [noted, _login_url_of_mixin(request, match), settings.LOGIN_URL]


def _login_url_of_mixin(request: HttpRequest, match: ResolverMatch | None) -> Any:
    if match is None or not issubclass(getattr(match.func, "view_class", View), AccessMixin):
        return None
    view = new_view(match)
    view.setup(request, *match.args, **match.kwargs)
    try:
        return view.get_login_url()
    except ImproperlyConfigured:
        return None
