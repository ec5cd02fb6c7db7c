from collections.abc import Iterator
from inspect import signature
from typing import Any

from django.conf import settings
from django.contrib.auth import load_backend
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_variables

from auth_ui.backends import AuthenticatesInThread
from auth_ui.http import refusals
from auth_ui.http.refusals import Refusal
from auth_ui.lockout import attempts, counting
from auth_ui.lockout.queue import Full, queue
from auth_ui.signals import name_person, record

BUSY_SECONDS = 5
OUTAGE_SECONDS = 10


class LockoutBackend(AuthenticatesInThread, BaseBackend):
    """Count guesses, whichever backend checks the password. It stands first.

    It runs the backends behind it itself, since only so it sees one of them succeed, and then ends
    the chain.
    """

    @sensitive_variables("credentials")
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """Return the person whose credentials these are.

        Raises:
            PermissionDenied: if they are nobody's, or the guess was refused; the request then
                carries the `Refusal`.
        """
        if "password" not in credentials:
            return None  # not a guess: the backends behind this one are asked as ever
        Refusal.forget(request)
        name_person(request, None)
        try:
            with queue.place():
                user = attempts.make(request, credentials, _ask_the_others)
        except counting.Shut as shut:
            reason = refusals.CLOSED if shut.seconds is None else refusals.TOO_MANY
            Refusal(reason, shut.seconds).note(request)
        except (Full, counting.Busy):
            Refusal(refusals.BUSY, BUSY_SECONDS).note(request)
        except counting.Unreachable as error:
            record("counter_unreachable", request, error=str(error.__cause__).strip())
            Refusal(refusals.UNREACHABLE, OUTAGE_SECONDS).note(request)
        else:
            if user is not None:
                return user
        raise PermissionDenied

    def get_user(self, user_id: Any) -> Any:
        """Return a person for a session that a host opened in this backend's name."""
        return next((user for _, backend in _others() if (user := backend.get_user(user_id))), None)


@sensitive_variables("credentials")
def _ask_the_others(
    request: HttpRequest | None, credentials: dict[str, Any]
) -> AbstractBaseUser | None:
    """Do what `django.contrib.auth.authenticate()` does, with the backends behind this one."""
    for path, backend in _others():
        try:
            signature(backend.authenticate).bind(request, **credentials)
        except TypeError:
            continue
        try:
            user: AbstractBaseUser | None = backend.authenticate(request, **credentials)
        except PermissionDenied:
            return None
        if user is not None:
            user.auth_ui_answered_by = path  # type: ignore[attr-defined]
            return user
    return None


def _others() -> Iterator[tuple[str, Any]]:
    for path in settings.AUTHENTICATION_BACKENDS:
        if not issubclass(import_string(path), LockoutBackend):
            yield path, load_backend(path)
