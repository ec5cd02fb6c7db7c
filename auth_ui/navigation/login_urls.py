"""The URLs that ask to sign in: how to know one, and how to give it another way back."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.urls import ResolverMatch

from auth_ui.navigation.targets import new_view, safe_target, view_class


def asks_to_sign_in(request: HttpRequest, response: HttpResponseBase, *, has_looked: bool) -> bool:
    """Return True if a response sends this request to sign in, before the view did anything.

    That is what `redirect_to_login` writes: the view's login URL, with this request's path as
    `next`. A bare redirect to the sign-in page, after a sign-up say, may have done its work, so it
    counts only for a method that does none.
    """
    if not isinstance(response, HttpResponseRedirectBase) or response.status_code != 302:
        return False
    login_url, field_name = _taken_apart(request, response.url)
    did_nothing = bool(field_name) or (has_looked and request.method in ("GET", "HEAD"))
    return did_nothing and _is_login_url(request, login_url)


def with_next(request: HttpRequest, url: str, target: str) -> str:
    """Return the URL of a login redirect with another target as its `next`, or with none."""
    login_url, field_name = _taken_apart(request, url)
    field_name = field_name or REDIRECT_FIELD_NAME
    return redirect_to_login(target, login_url, field_name if target else None).url


def without_useless_next(request: HttpRequest, url: str) -> str:
    """Return a redirect to our sign-in page without a `next` that it would not follow.

    That is above all one so long that some server refuses to read the URL of the sign-in page.
    """
    target = request.get_full_path()
    is_good = safe_target(target, request=request, allowed_hosts={request.get_host()})
    return url if is_good else with_next(request, url, "")


def _taken_apart(request: HttpRequest, url: str) -> tuple[str, str]:
    """Return a login URL and the name of the parameter that brings a user back here, if any."""
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    own_urls = (request.get_full_path(), request.build_absolute_uri(), request.path)
    field_name = next((name for name in query if query[name] in own_urls), "")
    if not field_name:
        return url, ""
    del query[field_name]
    return urlunsplit(parts._replace(query=query.urlencode(safe="/"))), field_name


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
    if match is None or not issubclass(view_class(match), AccessMixin):
        return None
    view = new_view(match)
    view.setup(request, *match.args, **match.kwargs)
    try:
        return view.get_login_url()
    except ImproperlyConfigured:
        return None
