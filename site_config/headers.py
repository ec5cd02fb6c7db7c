"""What the site tells browsers with every response, and the only place that says it.

`settings.py` takes the settings from here that Django's own middleware reads.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers

SECURE_HSTS_SECONDS = 63072000  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not "no-referrer": Django's CSRF check asks for it where there is no Origin.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

__all__ = [name for name in dir() if name.startswith(("SECURE_", "X_FRAME"))]

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}

NO_ONE = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
PERMISSIONS_POLICY = ", ".join(
    [*(f"{feature}=()" for feature in NO_ONE), "publickey-credentials-get=(self)"]
)


class SecurityHeadersMiddleware:
    """Send the policy with every response, static files and errors too. It stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.django: list[Any] = [
            SecurityMiddleware(get_response),
            XFrameOptionsMiddleware(get_response),
        ]
        directives = [f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items()]
        if settings.SECURE_SSL_REDIRECT:
            directives.append("upgrade-insecure-requests")
        self.headers = {
            "Content-Security-Policy": "; ".join(directives),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS_POLICY,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Where Django's stand, they miss what is answered before them: a wrong Host, a static file.
        for middleware in self.django:
            middleware.process_response(request, response)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if response.cookies:
            patch_vary_headers(response, ["Cookie"])
            patch_cache_control(response, private=True, no_store=True)
        return response
