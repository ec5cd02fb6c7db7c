"""Which page signs users in: the one that LOGIN_URL leads to, and none that asks for less."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.forms import Field
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, ResolverMatch
from django.utils.encoding import iri_to_uri
from django.views.generic import RedirectView

from auth_ui.navigation.targets import (
    MAX_LENGTH,
    Place,
    match_at,
    new_view,
    place,
    view_class,
)

OF_EACH_FORM = ("__dict__", "__weakref__", "media")  # which Python and Django add to each class


def sign_in_url(target: str | None = "") -> str:
    """Return the URL of the page that signs users in, "" if LOGIN_URL is the name of no page here.

    Args:
        target: where a user goes on to, left out where it is too long for the URL of a page.
    """
    target = target if target and len(target) <= MAX_LENGTH else ""
    url = _login_url()
    return redirect_to_login(target, url).url if url and target else iri_to_uri(url)


def login_page(request: HttpRequest | None) -> LoginView | None:
    """Return the view that LOGIN_URL leads to, None if it is not a subclass of Django's.

    Args:
        request: that is answered; outside of one, a LOGIN_URL with a host is somebody else's.
    """
    return login_view(login_match(request))


def login_match(request: HttpRequest | None) -> ResolverMatch | None:
    """Return what is at LOGIN_URL, None if it is not of this project."""
    parts = urlsplit(_login_url())
    match = _match_at(parts.path, place()) if parts.path and _is_here(parts, request) else None
    if match is None or not issubclass(view_class(match), RedirectView):
        return match
    view = new_view(match)
    view.setup(request or HttpRequest(), *match.args, **match.kwargs)
    return match_at(view.get_redirect_url(*match.args, **match.kwargs) or "")


def is_at_login_url(request: HttpRequest) -> bool:
    """Return True if a request was sent to LOGIN_URL itself."""
    parts = urlsplit(_login_url())
    return _is_here(parts, request) and parts.path == request.path


def _login_url() -> str:
    # None and "" are what a project without a sign-in page sets.
    return _resolved(settings.LOGIN_URL or "", place())


# A page has a link to sign in, and neither its URL nor what is there changes from page to page.


@lru_cache(maxsize=1000)
def _resolved(name: str, place: Place) -> str:
    with suppress(NoReverseMatch):
        return resolve_url(name)
    return ""


@lru_cache(maxsize=1000)
def _match_at(path: str, place: Place) -> ResolverMatch | None:
    return match_at(path)


def login_view(match: ResolverMatch | None) -> LoginView | None:
    """Return a new instance of a view, None if it is not a subclass of Django's LoginView."""
    is_one = match is not None and issubclass(view_class(match), LoginView)
    return new_view(match) if match and is_one else None


def asks_for_as_much(view: LoginView, page: LoginView) -> bool:
    """Return True if a view asks for all that another one asks for.

    Its class and its form say so: they are the same ones, or subclasses. A form that has only other
    words than Django's asks for no more than any form does.
    """
    asked = form_class(page)
    return isinstance(view, type(page)) and (
        issubclass(form_class(view), asked) or has_only_other_words(asked)
    )


def form_class(view: LoginView) -> type[AuthenticationForm]:
    return view.authentication_form or view.form_class


def has_only_other_words(form: Any) -> bool:
    """Return True if a form is Django's with no field more, and no rule of its own.

    A rule is whatever a class calls, a method say, and a validator or another kind of field.
    """
    own = [vars(parent) for parent in form.__mro__ if not issubclass(AuthenticationForm, parent)]
    has_rules = any(
        hasattr(value, "__get__") and name not in OF_EACH_FORM
        for names in own
        for name, value in names.items()
    )
    stock: Any = AuthenticationForm
    return _rules(form.base_fields) == _rules(stock.base_fields) and not has_rules


def _rules(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        name: (type(field), list(map(type, field.validators))) for name, field in fields.items()
    }


def _is_here(parts: SplitResult, request: HttpRequest | None) -> bool:
    """Return True if a URL is one of this project.

    A request may name any host that ALLOWED_HOSTS has a pattern for, which says nothing of whose it
    is: so a URL with a host counts only where that host stands there itself.
    """
    if not parts.netloc:
        return True
    is_asked = request is not None and _host(parts.netloc) == _host(request.get_host())
    return is_asked and (settings.DEBUG or parts.hostname in settings.ALLOWED_HOSTS)


def _host(netloc: str) -> str:
    """Return a host as browsers compare it, without the port that its scheme has anyway."""
    return netloc.lower().removesuffix(":443").removesuffix(":80")
