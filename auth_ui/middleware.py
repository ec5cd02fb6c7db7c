from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from auth_ui.continuity import browsers, ended, sign_ins
from auth_ui.http import htmx, private
from auth_ui.http.notices import notice
from auth_ui.http.visit import visit
from auth_ui.navigation.targets import view_class
from auth_ui.views import LoginView, LogoutView

LARGEST_READ_FORM = 64 * 1024  # bytes, of a form that no CSRF check has read

GetResponse = Callable[[HttpRequest], HttpResponse]


class LostSessionMixin:
    """Answer in words when the session was deleted while a request ran.

    Django finds that out as it saves, after the view has done its work, and raises what ends as a
    bare 400. For a session middleware of the project's own.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        try:
            return super().process_response(request, response)  # type: ignore[misc]
        except SessionInterrupted:
            # A new answer, with none of the old one's cookies: another session may have begun here.
            request.user = AnonymousUser()
            answer = notice(request, "session_lost", status=400)
            patch_vary_headers(answer, ("Cookie",))
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
        self.before_view(request)
        return self.after_view(request, self.get_response(request))

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        await sync_to_async(self.before_view)(request)
        response = await cast(Awaitable[HttpResponse], self.get_response(request))
        return await sync_to_async(self.after_view)(request, response)

    def before_view(self, request: HttpRequest) -> None:
        visit(request)
        sign_ins.bring_secret(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a request of a page that was rendered for another user than is signed in now."""
        if issubclass(view_class(request.resolver_match), (LoginView, LogoutView)):
            return None
        _read_small_form(request)
        if sign_ins.is_of_another(request):
            return notice(request, "someone_else", status=409)
        return None

    def after_view(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for call in visit(request).after_view:
            call()
        response = ended.answer(request, response)
        response = _say_refusal(request, response)
        if visit(request).redirects_page:
            response = htmx.redirect(request, response)
        sign_ins.keep_rotated_secret(request)
        _write_cookies(request, response)
        _keep_private(request, response)
        return response


def _read_small_form(request: HttpRequest) -> None:
    """Read a form that no CSRF check has read, where that is cheap, for the user whom it names.

    A view that is exempt from the check may read a stream: it must find anything else unread.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_form = request.content_type == "application/x-www-form-urlencoded"
    is_small = length.isdecimal() and int(length) <= LARGEST_READ_FORM
    if request.method == "POST" and is_form and is_small:
        private.read_form(request)


def _say_refusal(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say that a sign-in was refused, whichever view tried it."""
    refusal = visit(request).refusal
    if refusal is None or response.status_code == refusal.status:
        return response
    words = notice(request, "sign_in_refused", status=refusal.status, refusal=refusal)
    words.cookies = response.cookies
    return refusal.mark(words)


def _write_cookies(request: HttpRequest, response: HttpResponse) -> None:
    if browsers.has_looked(request) and browsers.is_signed_in(request):
        browsers.write_cookies(request, response, sign_ins.mark_of(request))
    elif visit(request).signed_out:
        browsers.delete_markers(request, response)


def _keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """Let no cache store a page whose view looked at who is signed in and found somebody."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    session = getattr(request, "session", None)
    if not is_html or session is None or not session.accessed:
        return
    # After a 5xx the session is not asked again: it may be what failed.
    if response.status_code >= 500 or SESSION_KEY in session:
        patch_cache_control(response, private=True, no_store=True)
