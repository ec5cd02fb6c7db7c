"""What a project needs to test its own pages: a browser's cookies, an ended session, notices."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from auth_ui.continuity import known, visit
from auth_ui.http import notices


def sign_in(client: Client, user: Any, backend: str | None = None) -> None:
    """Sign a user in as our sign-in page does, without a password.

    Django's `force_login()` opens a session and no more. This gives the client the cookies of a
    browser too, the CSRF cookie among them, and makes the browser known.

    Args:
        client: Django's test client.
        user: who signs in.
        backend: the path of the backend that the session names, as `force_login()` takes it.
    """
    client.force_login(user, backend)
    request, response = HttpRequest(), HttpResponse()
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    request.session, request.user = client.session, user
    asked = visit.arrive(request)
    asked.signed_in = True
    known.remember(request, user)
    visit.leave(request, response)
    client.cookies.update(response.cookies)
    if not settings.CSRF_USE_SESSIONS:
        client.cookies[settings.CSRF_COOKIE_NAME] = asked.csrf_secret


def end_session(client: Client) -> None:
    """End a client's session as time does: the server forgets, the browser keeps its cookies.

    Args:
        client: Django's test client, in which somebody is signed in.
    """
    client.session.delete()


def page_headers(client: Client) -> dict[str, str]:
    """Return the headers with which our script names the user for whom a page was rendered.

    Args:
        client: Django's test client, as it was when the page was rendered.

    Returns:
        What `client.get(..., headers=...)` takes; nothing before anybody has signed in.
    """
    cookie = client.cookies.get(visit.marker_cookie_name())
    tag = cookie.value.partition(".")[2] if cookie else ""
    return {visit.TAG_HEADER: tag} if tag else {}


def notice_in(response: HttpResponse) -> str:
    """Return the name of the notice that an answer shows, "" if it shows none.

    Args:
        response: of Django's test client.
    """
    return response.headers.get(notices.HEADER, "")
