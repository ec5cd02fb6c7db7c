from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from auth_ui import records
from auth_ui.hashers import even_out, normalized


class PasswordBackend(ModelBackend):
    """Check a password so that neither words nor time tell whether its account exists.

    Stands in for Django's `ModelBackend`. One query finds the person, and a failure costs each
    hasher in PASSWORD_HASHERS once, whoever was named (ASVS 6.3.8).
    """

    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> AbstractBaseUser | None:
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
        even_out(password, checked=user.password if user else None)
        return None

    async def aauthenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:  # type: ignore[override]
        # In a thread: hashing in the event loop would stop every other request.
        return await sync_to_async(self.authenticate)(request, **credentials)

    def find(self, request: HttpRequest | None, name: str) -> AbstractBaseUser | None:
        """Return the person of that name, if the account may sign in at all.

        A disabled account is answered as one that does not exist: nothing looks at its password.
        """
        if not _can_be_stored(name):
            return None
        users = get_user_model()._default_manager
        try:
            user = users.get_by_natural_key(name)
        except get_user_model().DoesNotExist:
            return None
        records.name_person(request, user)
        return user if self.user_can_authenticate(user) else None


def _can_be_stored(name: str) -> bool:
    """Tell whether a database could hold a name: PostgreSQL raises on NUL, all on half a letter."""
    try:
        return b"\0" not in name.encode()
    except UnicodeEncodeError:
        return False
