"""What would send links that lead elsewhere, or let nobody ask for one, found at start-up."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.views import PasswordResetView
from django.core.checks import CheckMessage, Error, Warning
from django.urls import NoReverseMatch, reverse

from auth_ui.navigation.targets import match_at, view_class
from auth_ui.recovery import views
from auth_ui.recovery.conf import configured_origin


def check_origin(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find links whose host a visitor could choose (ASVS 6.4.1; OWASP Forgot Password)."""
    given = configured_origin()
    if given and not _is_origin(given):
        return [
            Error(
                f"AUTH_UI_ORIGIN ({given}) is no scheme and host.",
                hint="Write it as 'https://example.com'.",
                id="auth_ui.recovery.E001",
            )
        ]
    patterns = [host for host in settings.ALLOWED_HOSTS if host.startswith((".", "*"))]
    if given or not patterns:
        return []
    return [
        Error(
            f"ALLOWED_HOSTS has the pattern {', '.join(map(repr, patterns))}, so whoever asks for "
            "somebody's link chooses the host that it leads to.",
            hint="Set AUTH_UI_ORIGIN = 'https://example.com', with the host of this site.",
            id="auth_ui.recovery.E002",
        )
    ]


def check_urls(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find a project that has the app and shows other pages, or none."""
    try:
        page = view_class(match_at(reverse("password_reset")))
    except NoReverseMatch:
        page = PasswordResetView
    if issubclass(page, views.PasswordResetView):
        return []
    return [
        Warning(
            "The URL 'password_reset' does not lead to auth_ui's page, so nobody gets a link by "
            "auth_ui.recovery.",
            hint="Add path('', include('auth_ui.recovery.urls')), and no other URL of that name: "
            "Django takes the last one. Or take the app out.",
            id="auth_ui.recovery.W003",
        )
    ]


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    has_both = parts.scheme in ("http", "https") and bool(parts.hostname)
    return has_both and text == f"{parts.scheme}://{parts.netloc}"
