"""Every name of Django's that Django does not document, so that an upgrade is read in one place."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import Signal
from django.http import HttpRequest, UnreadablePostError
from django.middleware import csrf
from django.utils.crypto import get_random_string

SECRET_LENGTH: int = csrf.CSRF_SECRET_LENGTH
CSRF_SECRET = "CSRF_COOKIE"  # in META: what `get_token()` masks and the response sends
# Of a request, once it has looked up who is signed in: `request.user` is lazy, and to ask it would
# make every page pay for a session.
USER, ASYNC_USER = "_cached_user", "_acached_user"
READ_FORM = "_post"  # of a request whose form was read


def csrf_secret_in(token: str) -> str:
    """Return the secret in a CSRF token, masked or not, "" if it is no token."""
    try:
        csrf._check_token_format(token)  # type: ignore[attr-defined]
    except csrf.InvalidTokenFormat:
        return ""
    is_masked = len(token) == csrf.CSRF_TOKEN_LENGTH
    return csrf._unmask_cipher_token(token) if is_masked else token  # type: ignore[attr-defined]


def use_csrf_secret(request: HttpRequest, secret: str) -> None:
    """Give a request a CSRF secret, as if its cookie had brought it.

    In both places: the check reads the cookie again, and each `csrf_protect` does too.
    """
    request.COOKIES[settings.CSRF_COOKIE_NAME] = secret
    request.META[CSRF_SECRET] = secret


def send_csrf_secret(request: HttpRequest, secret: str) -> None:
    """Give a request a new CSRF secret, which its answer sends to the browser.

    Until a view is found for the request, its own token is yet to be checked against its cookie.
    """
    request.META[CSRF_SECRET], request.META["CSRF_COOKIE_NEEDS_UPDATE"] = secret, True
    if request.resolver_match:
        request.COOKIES[settings.CSRF_COOKIE_NAME] = secret


def forget_csrf_secret(request: HttpRequest) -> None:
    """Take away the secret that a cookie has brought."""
    request.COOKIES.pop(settings.CSRF_COOKIE_NAME, None)
    request.META.pop(CSRF_SECRET, None)


def passed_csrf_check(request: HttpRequest) -> bool:
    """Return True if Django's CSRF check has let this request pass."""
    return getattr(request, "csrf_processing_done", False)


def is_from_trusted_origin(request: HttpRequest) -> bool:
    """Return True if the Origin header is one that Django's CSRF check would accept."""
    middleware = csrf.CsrfViewMiddleware(lambda request: None)  # type: ignore[arg-type]
    return middleware._origin_verified(request)  # type: ignore[attr-defined,no-any-return]


def read_form(request: HttpRequest) -> None:
    """Read the posted form; one that breaks off is an empty one from then on."""
    try:
        request.POST  # noqa: B018
    except UnreadablePostError:
        request._mark_post_parse_error()  # type: ignore[attr-defined]


def read_form_without_files(request: HttpRequest) -> None:
    """Read a posted form that can hold no files, so that a view may still set upload handlers."""
    read_form(request)
    vars(request).pop("_files", None)


def hide_form(request: HttpRequest) -> None:
    """Keep what was posted out of error reports, as `sensitive_post_parameters()` does.

    For errors that keep a view from running: its own decorators could not say what is sensitive.
    """
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]


def write_under_new_key(session: SessionBase) -> None:
    """Write a session that has no key yet, without asking whether anybody has the new one.

    Nobody has: there are 36 ** 32 of them. An engine of the host's names its keys itself.

    Raises:
        CreateError: if somebody has it all the same.
    """
    engine: Any = session
    make_key = type(engine)._get_new_session_key
    if make_key is vars(SessionBase)["_get_new_session_key"]:
        engine._session_key = get_random_string(32, VALID_KEY_CHARS)
    else:
        engine._session_key = make_key(engine)
    session.save(must_create=True)


def leave_unwritten(session: SessionBase) -> None:
    """Keep a session's middleware from writing it, while it still sends the cookie."""
    session.save = lambda must_create=False: None  # type: ignore[method-assign]


def names_of_receivers(signal: Signal) -> set[Any]:
    """Return the `dispatch_uid` of each receiver of a signal, or what stands for it."""
    return {name for (name, _), *_ in signal.receivers}


def waits_for_commit(connection: BaseDatabaseWrapper, function: Callable[[], None]) -> bool:
    """Return True if a function is still to be called when a transaction is committed.

    A savepoint that is rolled back takes what waits for the commit with it.
    """
    return any(waiting == function for _, waiting, *_ in connection.run_on_commit)


def has_new_password(user: Any) -> bool:
    """Return True while a user is saved whose password was changed, and not just hashed anew."""
    return getattr(user, "_password", None) is not None


def is_hashed_anew(user: Any) -> bool:
    """Return True while a user is saved whose right password was hashed anew and stays the same.

    `check_password()` alone leaves None here: `set_password()` leaves the password, and whoever
    writes a hash by hand, or makes it unusable, leaves nothing.
    """
    return vars(user).get("_password", "") is None
