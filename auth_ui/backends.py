from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts import users
from auth_ui.hashers import even_out, normalized


class AuthenticatesInThread:
    """Give a backend an `aauthenticate()` that hashes and waits outside of the event loop."""

    authenticate: Callable[..., Any]

    @sensitive_variables()
    async def aauthenticate(self, *args: Any, **credentials: Any) -> Any:
        """Return what `authenticate()` returns for the same arguments."""

        @sensitive_variables()
        def authenticate() -> Any:
            return self.authenticate(*args, **credentials)

        # Without arguments: nothing would mask them in asgiref's frames.
        return await sync_to_async(authenticate)()


class PasswordBackend(AuthenticatesInThread, ModelBackend):
    """Check a password so that neither words nor time tell whether its account exists.

    Stands in for Django's `ModelBackend`. One query finds the user, and a failure costs each
    hasher that any account has once, whoever was named (ASVS 6.3.8).
    """

    # All variables, since that masks the frames of Django's hashers too.
    @sensitive_variables()
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the user whose name and password these are, or None.

        Raises:
            UnacceptablePassword: if no backend should be given that password.
        """
        name = kwargs.get(get_user_model().USERNAME_FIELD) if username is None else username
        if name is None or password is None:
            return None
        normalized(password)
        user = self.find(request, name)
        if user is not None and user.check_password(password):
            users.prove(request, user)
            return user
        even_out(password, user.password if user else None)
        return None

    def find(self, request: HttpRequest | None, name: str) -> Any:
        """Return the user of that name, if the account may sign in at all.

        A disabled account is answered as one that does not exist: nothing looks at its password.
        """
        user: Any = users.look_up(request, name)
        return user if user is not None and self.user_can_authenticate(user) else None
