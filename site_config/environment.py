"""What the site is told from outside: plain environment variables, and plain words if one lacks."""

import os

from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """Return whether an environment variable is switched on (1, true, yes or on)."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    """Return the comma-separated values of an environment variable."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def required(name: str, *, purpose: str) -> str:
    """Return an environment variable that production cannot do without.

    Raises:
        ImproperlyConfigured: if it is not set, with what to do.
    """
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(
        f"{name} is not set. {purpose} "
        "For development on your own machine, set DEBUG=1 instead (`make run` does)."
    )
