"""The site's error pages: a whole page, or for htmx a short fragment that fits where it lands."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from auth_ui import htmx


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
    # Without the request, so that what just failed (the database, say) is not asked again.
    page = render_to_string("500.html", {"shape": _shape(request), "status": 500})
    response = HttpResponse(page, status=500)
    htmx.vary_on_shape(response)
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
        patch_vary_headers(page, ("Cookie",))
        return page


def _shape(request: HttpRequest) -> str:
    return "_error.html" if htmx.wants_fragment(request) else "error.html"
