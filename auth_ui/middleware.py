from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.utils.cache import patch_vary_headers

from auth_ui.continuity import ended, known, opening, visit
from auth_ui.continuity.visit import Visit
from auth_ui.http import htmx, private
from auth_ui.http.includes import look_for_includes
from auth_ui.http.notices import notice
from auth_ui.http.refusals import Refusal
from auth_ui.views import LoginView, LogoutView

GetResponse = Callable[[HttpRequest], HttpResponse]


class LostSessionMixin:
    """Mind that another session may have begun in the browser while a request ran.

    If its own session was deleted, Django finds that out as it saves, after the view has done its
    work, and raises what ends as a bare 400: we answer in words. If it had ended before, Django
    deletes the session cookie, and the answer, if it comes late, signs the new user out: we leave
    the cookie, which opens nothing any more. A database that goes away as the session is saved
    looks like a deleted session to Django, and is the server's error. For a session middleware of
    the project's own.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if opening.is_written(request):
            private.leave_unwritten(request.session)
        try:
            answer = super().process_response(request, response)  # type: ignore[misc]
        except SessionInterrupted as interrupted:
            not_saved = interrupted.__context__  # the session store's, made of the database's error
            if not_saved and isinstance(not_saved.__context__, OperationalError):
                raise not_saved.__context__ from None
            # A new answer, with none of the old one's cookies.
            request.user = AnonymousUser()
            answer = notice(request, "session_lost", status=400)
            patch_vary_headers(answer, ("Cookie",))
            return answer
        cookie = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        is_deleted = cookie is not None and not cookie.value
        if is_deleted and not visit.is_in_its_cookie(request) and visit.has_ended_session(request):
            del answer.cookies[settings.SESSION_COOKIE_NAME]
        return answer


class SessionMiddleware(LostSessionMixin, sessions.SessionMiddleware):
    """Stands in MIDDLEWARE in the place of Django's, which it is."""


class AuthUIMiddleware:
    """Keep every page in step with the session. It stands right after AuthenticationMiddleware."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self.__acall__(request)
        try:
            arrived = visit.arrive(request)
            return self.after_view(request, self.get_response(request), arrived)
        except Exception:
            private.hide_form(request)
            raise

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        try:
            arrived = await sync_to_async(visit.arrive)(request)
            response = await cast(Awaitable[HttpResponse], self.get_response(request))
            return await sync_to_async(self.after_view)(request, response, arrived)
        except Exception:
            private.hide_form(request)
            raise

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a request of a page that was rendered for another user than is signed in now."""
        if request.auth_ui.signed_in:  # type: ignore[attr-defined]
            visit.bring_new_secret(request)
        # Sign-in is open to every page, and sign-out answers such a page itself.
        is_open = issubclass(getattr(view, "view_class", object), (LoginView, LogoutView))
        is_named = visit.TAG_HEADER in request.headers or request.method not in visit.SAFE_METHODS
        try:
            is_refused = is_named and not is_open and visit.is_of_another(request)
        except Exception:
            private.hide_form(request)
            raise
        return notice(request, "someone_else", status=409) if is_refused else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note what a view refuses to everybody, before the page that says so looks at the user."""
        if isinstance(exception, PermissionDenied):
            visit.visit_of(request).refused_unseen = not visit.has_looked(request)

    def after_view(
        self, request: HttpRequest, response: HttpResponse, arrived: Visit
    ) -> HttpResponse:
        for call in arrived.after_view:
            call()
        if isinstance(response, HttpResponseRedirectBase) or response.status_code == 403:
            response = ended.answer(request, response)
        if arrived.redirects_page:
            response = htmx.redirect(request, response)
        if arrived.refusal:
            response = _say_refusal(request, response, arrived.refusal)
        visit.leave(request, response)
        if visit.has_looked(request) and visit.is_signed_in(request):
            look_for_includes(request, response)
        if arrived.met_older_session:  # once: from here on the browser has an identity
            known.remember(request, request.user)
        return response


def _say_refusal(request: HttpRequest, response: HttpResponse, refusal: Refusal) -> HttpResponse:
    """Say that a sign-in was refused, whichever view tried it."""
    if response.status_code == refusal.status:
        return response
    words = notice(request, "sign_in_refused", status=refusal.status, refusal=refusal)
    words.cookies = response.cookies
    return refusal.mark(words)
