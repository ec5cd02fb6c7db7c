"""The site's error pages: a whole page, or for htmx a short fragment that fits where it lands."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from auth_ui.http import htmx

RETRY_AFTER = 10  # seconds


def error_page(request: HttpRequest, status: int, template: str | None = None) -> HttpResponse:
    context = {"shape": _shape(request), "status": status}
    response = render(request, template or f"{status}.html", context, status=status)
    htmx.vary_on_shape(response)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 while the database is out of reach (ASVS 16.5.3)."""
    status = 503 if isinstance(sys.exception(), OperationalError | InterfaceError) else 500
    # Without the request, so that what just failed is not asked again.
    page = render_to_string(f"{status}.html", {"shape": _shape(request), "status": status})
    response = HttpResponse(page, status=status)
    htmx.vary_on_shape(response)
    add_never_cache_headers(response)
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


class MethodNotAllowedPageMiddleware:
    """Put a page into the empty body of Django's 405 responses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page


def _shape(request: HttpRequest) -> str:
    return "_error.html" if htmx.wants_fragment(request) else "error.html"
