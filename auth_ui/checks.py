"""What a host project can forget, found at start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.shortcuts import resolve_url
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxMiddleware

from auth_ui.resolved import match_at, view_class
from auth_ui.views import LoginView

CONTEXT_PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
)


def check_middleware(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a project without django-htmx's middleware; a subclass of it counts."""
    if any(_is_htmx_middleware(path) for path in settings.MIDDLEWARE):
        return []
    return [
        Error(
            "HtmxMiddleware is not in MIDDLEWARE.",
            hint="Add 'django_htmx.middleware.HtmxMiddleware' to MIDDLEWARE.",
            id="auth_ui.E001",
        )
    ]


def check_templates(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a project whose template engine cannot load or fill auth_ui's templates."""
    try:
        get_template("auth_ui/login.html")
    except TemplateDoesNotExist:
        return [
            Error(
                "auth_ui's templates are not found.",
                hint="Set 'APP_DIRS': True in TEMPLATES, or add the app_directories loader.",
                id="auth_ui.E002",
            )
        ]
    return [
        Error(
            f"The context processor '{path}' is missing.",
            hint=f"Add '{path}' to OPTIONS['context_processors'] in TEMPLATES.",
            id="auth_ui.E003",
        )
        for path in CONTEXT_PROCESSORS
        if path not in _context_processors()
    ]


def check_urls(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find a project whose sign-in leads somewhere else, or nowhere."""
    try:
        reverse("auth_ui:login")
    except NoReverseMatch:
        return [
            Error(
                "auth_ui's URLs are not included.",
                hint="Add path('', include('auth_ui.urls')) to the root URLconf.",
                id="auth_ui.E004",
            )
        ]
    problems: list[CheckMessage] = []
    if not _is_our_login(_match(settings.LOGIN_URL)):
        problems.append(
            Warning(
                f"LOGIN_URL ({settings.LOGIN_URL}) does not lead to auth_ui's sign-in page, so a "
                "private page asks for another sign-in than the dialog does.",
                hint="Set LOGIN_URL = 'auth_ui:login'.",
                id="auth_ui.W005",
            )
        )
    if _match(settings.LOGIN_REDIRECT_URL) is None:
        problems.append(
            Warning(
                f"LOGIN_REDIRECT_URL ({settings.LOGIN_REDIRECT_URL}) leads to no page of this "
                "project, so a person may meet a 404 after signing in.",
                hint="Set LOGIN_REDIRECT_URL to the name of a page.",
                id="auth_ui.W006",
            )
        )
    return problems


def _is_htmx_middleware(path: str) -> bool:
    middleware = import_string(path)
    return isinstance(middleware, type) and issubclass(middleware, HtmxMiddleware)


def _context_processors() -> set[str]:
    return {
        path
        for engine in engines.all()
        if isinstance(engine, DjangoTemplates)
        for path in engine.engine.context_processors
    }


def _match(setting: str) -> ResolverMatch | None:
    try:
        return match_at(resolve_url(setting))
    except NoReverseMatch:
        return None


def _is_our_login(match: ResolverMatch | None) -> bool:
    return issubclass(view_class(match), LoginView)
