from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from auth_ui import signals as records
from auth_ui.continuity import ended as interrupted
from auth_ui.continuity import parking, person
from auth_ui.http import htmx
from auth_ui.http.notices import notice
from auth_ui.navigation.login_urls import is_login_redirect, without_useless_next
from auth_ui.navigation.targets import match_at, view_class
from auth_ui.views import LoginView, LogoutView

OF_THE_LOST_ANSWER = (
    "location",
    "content-disposition",
    "content-encoding",
    "etag",
    "last-modified",
)


class AuthUIMiddleware:
    """Keep every page in step with the session. It stands right after AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_login_redirect(request, response):
            response = self.answer_ended_session(request, response)
        records.session_ended(request)
        person.write_cookies(request, response)
        self.keep_private(request, response)
        self.explain_lost_session(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a request of a page that was made for another person than is signed in now."""
        if issubclass(view_class(request.resolver_match), (LoginView, LogoutView)):
            return None
        if person.is_someone_else(request):
            return notice(request, "someone_else", status=409)
        person.replace_foreign_secret(request)
        return None

    def answer_ended_session(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if htmx.is_partial(request):
            return interrupted.challenge(request, response["Location"])
        if request.method == "POST":
            response = parking.park(request, response)
        if issubclass(view_class(match_at(response["Location"])), LoginView):
            response["Location"] = without_useless_next(request, response["Location"])
        htmx.vary_on_shape(response)
        return response

    def keep_private(self, request: HttpRequest, response: HttpResponse) -> None:
        """Let no cache store a page whose view looked at who is signed in and found somebody."""
        is_html = response.get("Content-Type", "").startswith("text/html")
        session = getattr(request, "session", None)
        if not is_html or session is None or not session.accessed:
            return
        # After a 5xx the session is not asked again: it may be what failed.
        if response.status_code >= 500 or SESSION_KEY in session:
            patch_cache_control(response, private=True, no_store=True)

    def explain_lost_session(self, request: HttpRequest, response: HttpResponse) -> None:
        """Answer in words when the session is deleted while this request runs.

        SessionMiddleware, outside of us, finds that out as it saves, after the view has done its
        work, and raises what ends as a bare 400, or a debug page.
        """
        if hasattr(request, "session") and not response.streaming:
            save = request.session.save
            request.session.save = partial(  # type: ignore[method-assign]
                _save_or_explain, save, request, response
            )


def _save_or_explain(
    save: Callable[..., None], request: HttpRequest, response: HttpResponse, *args: Any, **kw: Any
) -> None:
    try:
        save(*args, **kw)
    except UpdateError:
        request.user = AnonymousUser()
        # In place: the middleware between us and SessionMiddleware has passed this object on.
        words = notice(request, "session_lost", status=400)
        response.status_code, response.reason_phrase = words.status_code, words.reason_phrase
        response.content = words.content
        for header in list(response.headers):
            if header.lower() in OF_THE_LOST_ANSWER or header.lower().startswith("hx-"):
                del response[header]
        for header, value in words.items():
            response[header] = value
        response["Content-Length"] = str(len(words.content))
        # They are of the dead session, and another may have begun here meanwhile.
        response.cookies.clear()
        response.set_cookie = _set_no_cookie  # type: ignore[method-assign]


def _set_no_cookie(*args: Any, **kwargs: Any) -> None: ...
