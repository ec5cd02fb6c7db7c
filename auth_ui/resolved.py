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
    if parts.netloc:
        return None
    path = "/" + parts.path.removeprefix(get_script_prefix())
    # In the language that it was written in, or as LocaleMiddleware will read it: `i18n_patterns`
    # knows no paths of other languages.
    for language in (get_language(), get_language_from_path(path) or settings.LANGUAGE_CODE):
        with override(language), suppress(Resolver404):
            return resolve(path)
    return None


def view_class(match: ResolverMatch | None) -> type[View]:
    """Return the class of the view that a URL resolved to; for a function, just `View`."""
    return getattr(match and match.func, "view_class", View)


def new_view(match: ResolverMatch) -> Any:
    """Return a new instance of a class-based view, as its `as_view()` would make it."""
    return view_class(match)(**match.func.view_initkwargs)  # type: ignore[attr-defined]
