import unicodedata
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model

# Composing a name takes time that grows with the square of its length, and stops every thread.
LONGEST_NAME = 1024  # characters; longer ones are nobody's


def canonical_name(name: str) -> str:
    """Return the one form under which all spellings of a typed name meet.

    Two names are the same person's if their canonical forms are equal, whatever their letter case
    or composition. Every place that stores, looks up or counts a name asks this function.

    Args:
        name: a username or an e-mail address, as it was typed, `LONGEST_NAME` at most.

    Returns:
        The compatibility-composed, case-folded name (NFKC and full case folding, Unicode 3.13).
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Case folding can take a letter out of its composed form, so it is composed once more.
    return unicodedata.normalize("NFKC", folded)


def typed_name(credentials: Mapping[str, Any]) -> str:
    """Return the name among the credentials that `authenticate()` was given, or ""."""
    fields = ("username", get_user_model().USERNAME_FIELD, "email")
    return next((str(credentials[name]) for name in fields if credentials.get(name)), "")
