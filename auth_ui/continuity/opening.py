"""The session of a sign-in is written once, whole.

Django's `login()` asks whether a new key is taken, writes the session as it was before the sign-in,
and its middleware writes it again with the answer.
"""

import copy
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from auth_ui.accounts.users import key_of
from auth_ui.continuity.visit import SECRET, seal, visit_of
from auth_ui.http import private


def open_session(request: HttpRequest, user: Any) -> None:
    """Write a new session with what `login()` puts into it, so that it finds its work done.

    A session that has a key already is left to `login()`, which knows what becomes of it.

    Args:
        request: that `login()` is called with next, and nothing before it.
        user: whom it signs in.
    """
    session = request.session
    is_new = isinstance(session, SessionBase) and SESSION_KEY not in session
    if not is_new or session.session_key:
        return
    visit = visit_of(request)
    visit.next_secret = seal(key_of(user))
    session[SESSION_KEY] = key_of(user)
    session[BACKEND_SESSION_KEY] = getattr(user, "backend", "")
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SECRET] = visit.next_secret
    private.write_under_new_key(session)
    visit.written = (session.session_key, copy.deepcopy(dict(session.items())))


def is_written(request: HttpRequest) -> bool:
    """Return True if all that a request's session holds has been written by `open_session()`."""
    written = visit_of(request).written
    if written is None:
        return False
    return written == (request.session.session_key, dict(request.session.items()))
