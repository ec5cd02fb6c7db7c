from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class LockoutMiddleware:
    """Does nothing: AuthUIMiddleware says what it said. It stands in settings of release 0.1."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
