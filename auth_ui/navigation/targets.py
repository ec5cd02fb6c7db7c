"""Where a redirect may lead: the only gate that a target passes, and what is at a URL."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest
from django.urls import (
    NoReverseMatch,
    Resolver404,
    ResolverMatch,
    URLResolver,
    get_resolver,
    get_script_prefix,
    get_urlconf,
    resolve,
    reverse,
)
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language, get_language_from_path, override
from django.views import View

MAX_LENGTH = 2000  # characters, as they are sent
Place = tuple[URLResolver, str | None, str, str]
# Browsers drop or rewrite these before they resolve an address (WHATWG URL, 4.4), servers may not.
REWRITTEN_BY_BROWSERS = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
# By name, where the class does not tell; an app's whatever instance of it, as with two admins.
AUTH_PAGES = {
    ("auth_ui", "signed_out"),
    ("auth_ui", "token"),
    ("auth_ui", "words"),
    ("admin", "login"),
    ("admin", "logout"),
}


def safe_target(
    target: str | None,
    *,
    request: HttpRequest,
    allowed_hosts: Collection[str],
    may_be_sign_in: bool = False,
) -> str:
    """Return where `target` may lead a user, or "" if it may lead nowhere.

    Stricter than Django's `url_has_allowed_host_and_scheme`, which lets "//\\t/evil.test" pass
    (ASVS 3.7.2). It never raises, whatever it is given.

    Args:
        target: an address from a form, a query string or a header.
        request: the request that is answered; over https only https is allowed.
        allowed_hosts: the hosts, with port, that an absolute address may name.
        may_be_sign_in: True where a sign-in page is a way on, as it is after a sign-out.

    Returns:
        The address without its fragment: `HX-Redirect` to the page that one is on, with a hash,
        navigates nowhere. A backslash in the query leaves as `%5C`.
    """
    if not target or len(target) > MAX_LENGTH:
        return ""
    target = _with_query_encoded(target.partition("#")[0])
    if REWRITTEN_BY_BROWSERS.search(target):
        return ""
    if target != target.strip() or len(iri_to_uri(target)) > MAX_LENGTH:
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if not _is_path_here(target) and not _is_allowed_origin(parts, request, allowed_hosts):
        return ""
    barred = LogoutView if may_be_sign_in else (LoginView, LogoutView)
    return "" if _is_hidden_or_auth_page(parts.path, barred) else target


def _with_query_encoded(target: str) -> str:
    """Return an address with no raw backslash in its query, where browsers leave one as it is.

    Before the query they read a slash (WHATWG URL, 4.4), so there it stays, and is refused.
    """
    address, mark, query = target.partition("?")
    return address + mark + query.replace("\\", "%5C")


def page_before(request: HttpRequest) -> str:
    """Return the page that a form was on, since the URL that it posts to may take no GET."""
    referer = request.headers.get("Referer", "")
    target = safe_target(referer, request=request, allowed_hosts={request.get_host()})
    return target or request.get_full_path()


def _is_path_here(target: str) -> bool:
    return target.startswith("/") and not target.startswith("//")


def _is_allowed_origin(
    parts: SplitResult, request: HttpRequest, allowed_hosts: Collection[str]
) -> bool:
    schemes = ("https",) if request.is_secure() else ("http", "https")
    return parts.scheme in schemes and parts.netloc in allowed_hosts


def _is_hidden_or_auth_page(path: str, barred: Any) -> bool:
    """Return True if a path leads back to sign-in or sign-out, or hides where it leads."""
    path = unquote(path)
    if path.startswith("//") or not {".", ".."}.isdisjoint(path.split("/")):
        return True
    return any(_is_barred(match, barred) for match in matches(path))


def _is_barred(match: ResolverMatch, barred: Any) -> bool:
    """Return True if it is a page of these classes that is there, by whatever address."""
    name = (":".join(match.app_names), match.url_name)
    return issubclass(view_class(match), barred) or name in AUTH_PAGES


def place() -> Place:
    """Return what a URL depends on beside its name, to be the key of what is kept of URLs.

    A middleware may choose another URLconf for a request, a language is part of some URLs, and a
    server may mount a project below a prefix. Django makes a new resolver when it reads a URLconf
    anew.
    """
    resolver = get_resolver(get_urlconf())
    return resolver, get_language(), settings.LANGUAGE_CODE, get_script_prefix()


@lru_cache(maxsize=1000)
def own_url(name: str, here: Place, *args: str) -> str:
    """Return the URL of a view of ours, "" where the URLconf of a request has none of ours.

    Args:
        name: in `auth_ui.urls`.
        here: the `place()`.
        args: what its path holds.
    """
    with suppress(NoReverseMatch):
        return reverse(f"auth_ui:{name}", args=args)
    return ""


def match_at(url: str) -> ResolverMatch | None:
    """Return what a URL of this project resolves to, None for any other URL."""
    parts = urlsplit(url)
    return None if parts.netloc else next(matches(parts.path), None)


def matches(path: str) -> Iterator[ResolverMatch]:
    """Yield what a path of this project resolves to, now and as the server will read it.

    CommonMiddleware adds a slash where nothing is at a path, and LocaleMiddleware a language. URLs
    may be of one language, the active one or that in the path, and resolve in no other.
    """
    path = "/" + path.removeprefix(get_script_prefix())
    slashed = path.rstrip("/") + "/"
    active = get_language()
    languages = {active: None, get_language_from_path(path) or settings.LANGUAGE_CODE: None}
    for language in languages:
        spellings = (path, slashed, f"/{language}{path}", f"/{language}{slashed}")
        for spelling in dict.fromkeys(spellings):
            if match := _resolved(spelling, language):
                yield match


def _resolved(path: str, language: str | None) -> ResolverMatch | None:
    with override(language), suppress(Resolver404):
        return resolve(path)
    return None


def view_class(match: ResolverMatch | None) -> type[View]:
    """Return the class of the view that a URL resolved to; for a function, just `View`."""
    return getattr(match and match.func, "view_class", View)


def new_view(match: ResolverMatch) -> Any:
    """Return a new instance of a class-based view, as its `as_view()` would make it."""
    return view_class(match)(**match.func.view_initkwargs)  # type: ignore[attr-defined]
