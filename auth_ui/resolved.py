from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve
from django.utils.translation import get_language, get_language_from_path, override
from django.views import View


def match_at(url: str) -> ResolverMatch | None:
    """Return what a URL of this project resolves to, None for any other URL."""
    parts = urlsplit(url)
    return None if parts.netloc else next(iter(matches(parts.path)), None)


def matches(path: str) -> list[ResolverMatch]:
    """Return what a path of this project resolves to, now and as LocaleMiddleware will read it.

    URLs may be of one language, the active one or that in the path, and resolve in no other.
    """
    path = "/" + path.removeprefix(get_script_prefix())
    found = []
    for language in (get_language(), get_language_from_path(path) or settings.LANGUAGE_CODE):
        with override(language), suppress(Resolver404):
            found.append(resolve(path))
    return found


def view_class(match: ResolverMatch | None) -> type[View]:
    """Return the class of the view that a URL resolved to; for a function, just `View`."""
    return getattr(match and match.func, "view_class", View)


def new_view(match: ResolverMatch) -> Any:
    """Return a new instance of a class-based view, as its `as_view()` would make it."""
    return view_class(match)(**match.func.view_initkwargs)  # type: ignore[attr-defined]
