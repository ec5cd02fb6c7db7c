"""Which users are known in a browser: those who have signed in in it before."""

from typing import Any

from django.http import HttpRequest

from auth_ui.accounts.users import key_of
from auth_ui.continuity.browsers import Browser


def is_known(request: HttpRequest, user: Any) -> bool:
    """Return True if this user has signed in before in the browser that sent a request."""
    return key_of(user) in Browser.of(request).known


def browser_id(request: HttpRequest) -> str:
    """Return the identity of the browser that sent a request, "" if it has none."""
    return Browser.of(request).id
