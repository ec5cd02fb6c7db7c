"""What the site is told from outside: plain environment variables, and plain words if one lacks."""

import os

from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """Return whether an environment variable is switched on (1, true, yes or on)."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def value(name: str, *, development: str, purpose: str) -> str:
    """Return an environment variable that production cannot do without.

    Args:
        name: of the variable.
        development: what stands for it while DEBUG is on.
        purpose: what to set it to, for whoever reads that it is missing.

    Raises:
        ImproperlyConfigured: if it is not set and DEBUG is off, with what to do.
    """
    given = os.environ.get(name, "")
    if given.strip(" ,"):
        return given
    if flag("DEBUG"):
        return development
    raise ImproperlyConfigured(
        f"{name} is not set. {purpose} "
        "For development on your own machine, set DEBUG=1 instead (`make run` does)."
    )


def words(text: str) -> list[str]:
    """Return what is listed in a text, separated by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]
