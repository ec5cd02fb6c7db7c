"""What a change of a user means for the browsers: a sign-in, a sign-out, a new hash, the end."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from auth_ui.accounts.users import key_of
from auth_ui.continuity import known, visit
from auth_ui.continuity.visit import visit_of
from auth_ui.http import private


def signed_in(request: HttpRequest | None, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Bind a sign-in to its session and its browser, whichever view it was made by."""
    session = getattr(request, "session", {})
    # A host may send the signal without opening a session.
    if request is None or session.get(SESSION_KEY) != key_of(user):
        return
    has_arrived = hasattr(request, "auth_ui")
    visit.begin(request, user)
    visit.note_switch(request, user)
    # Without our middleware no answer could bring the browser its identity.
    if has_arrived and not visit_of(request).switched_from:
        known.remember(request, user)


def signed_out(
    request: HttpRequest | None, user: AbstractBaseUser | None = None, **kwargs: Any
) -> None:
    """Take note of a sign-out, whichever view it was made by."""
    visit_of(request).signed_out = True
    visit_of(request).signed_in = False
    if request is not None and user is not None:
        known.close(visit.browser_id(request), key_of(user))


def password_hashed_anew(
    instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Keep the browsers known when a right password is hashed anew, as it is at a sign-in."""
    if set(update_fields or ()) != {"password"} or not private.is_hashed_anew(instance):
        return
    stored = type(instance)._default_manager.filter(pk=instance.pk)
    known.move_along(instance, stored.values_list("password", flat=True).get())


def deleted(instance: Any, **kwargs: Any) -> None:
    """Delete what we keep of a user, with the user."""
    known.forget_user(instance)
