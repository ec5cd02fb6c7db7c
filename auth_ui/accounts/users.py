"""Users by their names: the one form of a name, and one query for each attempt to sign in."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

# Composing a name takes time that grows with the square of its length, and stops every thread.
LONGEST_NAME = 1024  # characters; longer ones are nobody's


# They show nothing and come along with what is pasted: soft hyphens, zero-width spaces, marks of
# direction, a byte order mark.
UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# Inside of a word these two join or part letters, in Persian and Hindi say.
JOINERS = "\u200c\u200d"


def canonical_name(name: str) -> str:
    """Return the one form under which all spellings of a typed name meet.

    Two names are the same user's if their canonical forms are equal, whatever their letter case
    or composition. Every place that stores, looks up or counts a name asks this function.

    Args:
        name: a username or an e-mail address, as it was typed, `LONGEST_NAME` at most.

    Returns:
        The compatibility-composed, case-folded name (NFKC and full case folding, Unicode 3.13).
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Case folding can take a letter out of its composed form, so it is composed once more.
    return unicodedata.normalize("NFKC", folded)


def key_of(user: Any) -> str:
    """Return a user's primary key as text, whatever its type: a number, a UUID."""
    return str(user._meta.pk.value_to_string(user))


def short_name(user: Any) -> str:
    """Return what to call a user, "" where only a UUID could be shown.

    A project whose users sign in by e-mail address may fill the username with a UUID.
    """
    short = user.get_short_name() if hasattr(user, "get_short_name") else ""
    names = (short, user.get_username(), email_of(user))
    return next((str(name) for name in names if name and not _is_uuid(name)), "")


def email_of(user: Any) -> str:
    """Return a user's e-mail address, "" if there is none."""
    return str(getattr(user, getattr(user, "EMAIL_FIELD", "email"), "") or "")


def _is_uuid(name: Any) -> bool:
    try:
        uuid.UUID(str(name))
    except ValueError:
        return False
    return True


def is_email_of(user: Any, name: str) -> bool:
    """Return True if a name that was typed is the e-mail address of a user."""
    return bool(name) and canonical_name(name) == canonical_name(email_of(user))


def typed_name(credentials: Mapping[str, Any]) -> str:
    """Return the name among the credentials that `authenticate()` was given, or ""."""
    fields = ("username", get_user_model().USERNAME_FIELD, "email")
    return next((str(credentials[name]) for name in fields if credentials.get(name)), "")


def meant_name(name: str) -> str:
    """Return the name that somebody meant who has typed or pasted another character with it.

    Only characters that nobody sees go, and only where nobody has the name with them: an account
    whose name holds one is found by it, as before. What is left is looked up and counted as if it
    had been typed, so all these spellings share their counters.

    Args:
        name: a username or an e-mail address, as it was typed.
    """
    seen = UNSEEN.sub("", name).strip(JOINERS + " \t\r\n\xa0")
    if seen == name.strip() or len(name) > LONGEST_NAME:
        return name
    return name if _find(name.strip()) else seen


def look_ahead(request: HttpRequest | None, name: str) -> AbstractBaseUser | None:
    """Return the user of a name, None if nobody has it, and keep it for the next look-up."""
    found = _find(name)
    visit = getattr(request, "auth_ui", None)
    if visit is not None:
        visit.looked_up = (name, found)
    return found


def look_up(request: HttpRequest | None, name: str) -> AbstractBaseUser | None:
    """Return the user of a name, None if nobody has it; without a query after `look_ahead()`."""
    # Once only: what is true of a name may change while a view runs.
    visit = getattr(request, "auth_ui", None)
    if visit is None:
        return _find(name)
    kept, visit.looked_up = visit.looked_up, None
    found = kept[1] if kept and kept[0] == name else _find(name)
    visit.named_user = key_of(found) if found else ""
    return found


def prove(request: HttpRequest | None, user: AbstractBaseUser) -> None:
    """Note that somebody has shown to be this user, who may sign in during this request."""
    visit = getattr(request, "auth_ui", None)
    if visit is not None:
        visit.proven_user = key_of(user)


def _find(name: str) -> AbstractBaseUser | None:
    if not _can_be_stored(name):
        return None
    users = get_user_model()._default_manager
    try:
        return users.get_by_natural_key(name) if hasattr(users, "get_by_natural_key") else None
    except get_user_model().DoesNotExist:
        return None


def _can_be_stored(name: Any) -> bool:
    """Return True if a database could hold a name: none holds half a letter, PostgreSQL no NUL."""
    text = str(name)  # a project may name its users by numbers
    try:
        return len(text) <= LONGEST_NAME and b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
