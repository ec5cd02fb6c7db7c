"""What a visitor may say that Django cannot read, taken out before it becomes a bare 500."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

ASGIApplication = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

NO_FORM = "application/octet-stream"
UTF_8 = ("utf-8", "utf8")


def content_type(line: str) -> str:
    """Return a Content-Type as it came, or that of no form if it is not for UTF-8.

    Our pages are UTF-8, and so is what browsers send from them. Django would decode as told, before
    its first middleware, with codecs too that are no text's, that take minutes, or that make half a
    character which no page can be written with. Python keeps each name that it is asked for in
    memory for ever, so it is asked for none that came with a request: neither as a charset nor in a
    parameter that says how it is encoded itself (`name*=`, RFC 2231), which browsers do not send.
    """
    if "*" in line:
        return NO_FORM
    try:
        _, parameters = parse_header_parameters(line)
    except ValueError:
        return NO_FORM
    return line if parameters.get("charset", "utf-8").lower() in UTF_8 else NO_FORM


def wsgi(application: WSGIApplication) -> WSGIApplication:
    def utf8_only(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = content_type(environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return utf8_only


def asgi(application: ASGIApplication) -> ASGIApplication:
    async def utf8_only(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": _readable(scope["headers"])}
        await application(scope, receive, send)

    return utf8_only


def _readable(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in headers if name != b"content-type"]
    lines = [value.decode("latin-1") for name, value in headers if name == b"content-type"]
    # Of several, Django makes one.
    return [*others, (b"content-type", content_type(",".join(lines)).encode("latin-1"))]


class ReadableCookiesMiddleware:
    """Take away cookies that hold a NUL: PostgreSQL raises on one as the key of a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)
