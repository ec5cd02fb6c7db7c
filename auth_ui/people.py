"""Looking up a person by a typed name, with one query for each attempt to sign in."""

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from auth_ui.names import LONGEST_NAME


def look_ahead(request: HttpRequest, name: str) -> AbstractBaseUser | None:
    """Return the person of a name, None if nobody has it, and keep them for the next look-up."""
    found = _find(name)
    request.auth_ui_found = (name, found)  # type: ignore[attr-defined]
    return found


def look_up(request: HttpRequest | None, name: str) -> AbstractBaseUser | None:
    """Return the person of a name, None if nobody has it; without a query after `look_ahead()`."""
    kept_name, kept = getattr(request, "auth_ui_found", ("", None))
    if request is None or not kept_name:
        return _find(name)
    # Once only: what is true of a name may change while a view runs.
    del request.auth_ui_found  # type: ignore[attr-defined]
    return kept if kept_name == name else _find(name)


def _find(name: str) -> AbstractBaseUser | None:
    if not _can_be_stored(name):
        return None
    try:
        return get_user_model()._default_manager.get_by_natural_key(name)
    except get_user_model().DoesNotExist:
        return None


def _can_be_stored(name: str) -> bool:
    """Tell whether a database could hold a name: PostgreSQL raises on NUL, all on half a letter."""
    try:
        return len(name) <= LONGEST_NAME and b"\0" not in name.encode()
    except UnicodeEncodeError:
        return False
