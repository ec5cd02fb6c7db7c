"""What a proxy says of a visitor, believed only from a proxy that is named (ASVS 4.1.3)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from auth_ui.http.address import is_from_trusted_proxy


class TrustedProxyMiddleware:
    """Take away a scheme that a stranger wrote in a proxy's name. It stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_from_trusted_proxy(request):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)
