from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from auth_ui import signals as records
from auth_ui.accounts import users
from auth_ui.hashers import even_out, normalized


class PasswordBackend(ModelBackend):
    """Check a password so that neither words nor time tell whether its account exists.

    Stands in for Django's `ModelBackend`. One query finds the person, and a failure costs each
    hasher that any account has once, whoever was named (ASVS 6.3.8).
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the person whose name and password these are, or None.

        Raises:
            UnacceptablePassword: if no backend should be given that password.
        """
        name = kwargs.get(get_user_model().USERNAME_FIELD) if username is None else username
        if name is None or password is None:
            return None
        normalized(password)
        user = self.find(request, name)
        if user is not None and user.check_password(password):
            return user
        even_out(password, user.password if user else None)
        return None

    async def aauthenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:  # type: ignore[override]
        # In a thread: hashing in the event loop would stop every other request.
        return await sync_to_async(self.authenticate)(request, **credentials)

    def find(self, request: HttpRequest | None, name: str) -> Any:
        """Return the person of that name, if the account may sign in at all.

        A disabled account is answered as one that does not exist: nothing looks at its password.
        """
        user: Any = users.look_up(request, name)
        if user is None:
            return None
        records.name_person(request, user)
        return user if self.user_can_authenticate(user) else None
