from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve
from django.views import View


def match_at(url: str) -> ResolverMatch | None:
    """Return what a URL of this project resolves to, None for any other URL."""
    parts = urlsplit(url)
    if parts.netloc:
        return None
    try:
        return resolve("/" + parts.path.removeprefix(get_script_prefix()))
    except Resolver404:
        return None


def view_class(match: ResolverMatch | None) -> type[View]:
    """Return the class of the view that a URL resolved to; for a function, just `View`."""
    return getattr(match and match.func, "view_class", View)


def new_view(match: ResolverMatch) -> Any:
    """Return a new instance of a class-based view, as its `as_view()` would make it."""
    return view_class(match)(**match.func.view_initkwargs)  # type: ignore[attr-defined]
