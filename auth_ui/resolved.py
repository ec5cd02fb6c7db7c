from typing import Any

from django.urls import ResolverMatch
from django.views import View


def view_class(match: ResolverMatch | None) -> type[View]:
    """Return the class of the view that a URL resolved to; for a function, just `View`."""
    return getattr(match and match.func, "view_class", View)


def new_view(match: ResolverMatch) -> Any:
    """Return a new instance of a class-based view, as its `as_view()` would make it."""
    return view_class(match)(**match.func.view_initkwargs)  # type: ignore[attr-defined]
