"""What a host project can forget, found at start-up."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.sites import AdminSite
from django.contrib.auth import views as auth_views
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.checks import CheckMessage, Error, Warning
from django.shortcuts import resolve_url
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.urls import NoReverseMatch, ResolverMatch, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxMiddleware

from auth_ui.backends import PasswordBackend
from auth_ui.http.address import is_proxy, trusted_proxies
from auth_ui.middleware import AuthUIMiddleware, LostSessionMixin
from auth_ui.navigation.sign_in import (
    asks_for_as_much,
    form_class,
    has_only_other_words,
    login_match,
    login_page,
    login_view,
)
from auth_ui.navigation.targets import match_at
from auth_ui.views import LoginView

CONTEXT_PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
)

SECOND_FACTORS = ("allauth.mfa", "django_otp", "two_factor")

UNSURE_SESSIONS = tuple(
    f"django.contrib.sessions.backends.{name}" for name in ("cache", "cached_db", "signed_cookies")
)


def check_middleware(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a project without the middleware that we need, or out of order; a subclass counts."""
    problems: list[CheckMessage] = []
    if _place(HtmxMiddleware) is None:
        problems.append(
            Error(
                "HtmxMiddleware is not in MIDDLEWARE.",
                hint="Add 'django_htmx.middleware.HtmxMiddleware' to MIDDLEWARE.",
                id="auth_ui.E001",
            )
        )
    ours, authentication = _place(AuthUIMiddleware), _place(AuthenticationMiddleware)
    if ours is None or authentication is None or ours < authentication:
        problems.append(
            Error(
                "AuthUIMiddleware does not follow AuthenticationMiddleware in MIDDLEWARE, so pages "
                "are not kept in step with the session, and private ones may be stored.",
                hint="Add 'auth_ui.middleware.AuthUIMiddleware' right after "
                "'django.contrib.auth.middleware.AuthenticationMiddleware'.",
                id="auth_ui.E007",
            )
        )
    return problems


def check_session_middleware(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a project where a session that is deleted under a request ends as a bare 400."""
    if _place(LostSessionMixin) is not None or _place(SessionMiddleware) is None:
        return []
    return [
        Warning(
            "No middleware answers in words when a session is deleted while a request runs, so "
            "that user reads a bare 400.",
            hint="Put 'auth_ui.middleware.SessionMiddleware' in the place of Django's, or add "
            "auth_ui.middleware.LostSessionMixin to a session middleware of your own.",
            id="auth_ui.W017",
        )
    ]


def check_sessions(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find sessions that a sign-out may not end (ASVS 7.4.1)."""
    if settings.SESSION_ENGINE not in UNSURE_SESSIONS:
        return []
    return [
        Warning(
            f"Sessions of '{settings.SESSION_ENGINE}' can come back to life: a sign-out that meets "
            "a stalled cache, or a copied cookie, does not end them.",
            hint="Set SESSION_ENGINE = 'django.contrib.sessions.backends.db'.",
            id="auth_ui.W008",
        )
    ]


def check_csrf(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find a project where a stale token costs more than it must."""
    problems: list[CheckMessage] = []
    if settings.CSRF_COOKIE_HTTPONLY and not settings.CSRF_USE_SESSIONS:
        problems.append(
            Warning(
                "CSRF_COOKIE_HTTPONLY hides the token from our script, which then fetches it with "
                "one more request after each sign-in, and keeps it from no attacker.",
                hint="Remove CSRF_COOKIE_HTTPONLY, or silence this if it has to be.",
                id="auth_ui.W009",
            )
        )
    if settings.CSRF_FAILURE_VIEW != "auth_ui.csrf.csrf_failure":
        problems.append(
            Warning(
                f"CSRF_FAILURE_VIEW ({settings.CSRF_FAILURE_VIEW}) is not ours, so a user whose "
                "page went stale loses what they typed, and may not be able to sign out.",
                hint="Set CSRF_FAILURE_VIEW = 'auth_ui.csrf.csrf_failure'.",
                id="auth_ui.W010",
            )
        )
    return problems


def check_cookies(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find cookies that browsers throw away; ours follow the session's (RFC 6265bis 4.1.3)."""
    problems: list[CheckMessage] = []
    for kind in ("SESSION", "CSRF"):
        name = getattr(settings, f"{kind}_COOKIE_NAME")
        if missing := list(_missing_for_prefix(kind, name.lower())):
            problems.append(
                Warning(
                    f"{kind}_COOKIE_NAME ({name}) promises what other settings do not keep, so "
                    "browsers drop the cookie.",
                    hint=f"Set {', '.join(missing)}, or another name.",
                    id="auth_ui.W019",
                )
            )
        is_secure = getattr(settings, f"{kind}_COOKIE_SECURE")
        if str(getattr(settings, f"{kind}_COOKIE_SAMESITE")).lower() == "none" and not is_secure:
            problems.append(
                Warning(
                    f"{kind}_COOKIE_SAMESITE is 'None' and the cookie is not secure, so browsers "
                    "drop it.",
                    hint=f"Set {kind}_COOKIE_SECURE = True.",
                    id="auth_ui.W020",
                )
            )
    return problems


def _missing_for_prefix(kind: str, name: str) -> Iterator[str]:
    """Yield each setting, as it has to be, that the prefix of a cookie's name asks for."""
    of_this_host = name.startswith("__host-")
    kept = {
        "SECURE": (True, of_this_host or name.startswith(("__secure-", "__http-"))),
        "PATH": ("/", of_this_host),
        "DOMAIN": (None, of_this_host),
        "HTTPONLY": (True, name.startswith(("__http-", "__host-http-"))),
    }
    for part, (value, is_asked_for) in kept.items():
        setting = f"{kind}_COOKIE_{part}"
        if is_asked_for and (getattr(settings, setting) or None) != value:
            yield f"{setting} = {value!r}"


def check_proxy(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find headers of a proxy that are believed whoever sends them, or never (ASVS 4.1.3)."""
    if unknown := [proxy for proxy in trusted_proxies() if not is_proxy(proxy)]:
        return [
            Error(
                f"AUTH_UI_TRUSTED_PROXIES names {', '.join(unknown)}, which is no address.",
                hint="Name an IP address, a network such as 10.0.0.0/8, or 'unix'.",
                id="auth_ui.E016",
            )
        ]
    names = ("USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT", "SECURE_PROXY_SSL_HEADER")
    believed = [name for name in names if getattr(settings, name)]
    if not believed or trusted_proxies():
        return []
    return [
        Warning(
            f"{' and '.join(believed)} believes a header that anybody can send, and no proxy is "
            "named that would replace it.",
            hint="Name the addresses of your proxies in AUTH_UI_TRUSTED_PROXIES, or remove "
            f"{' and '.join(believed)}.",
            id="auth_ui.W011",
        )
    ]


def check_backend(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a backend whose time tells accounts apart (ASVS 6.3.8)."""
    if not any(is_subclass(path, PasswordBackend) for path in settings.AUTHENTICATION_BACKENDS):
        return [
            Warning(
                "No backend of AUTHENTICATION_BACKENDS is auth_ui's PasswordBackend, so the time "
                "of a failed sign-in tells accounts with an old password hash from unknown ones.",
                hint="Put 'auth_ui.backends.PasswordBackend' in the place of "
                "'django.contrib.auth.backends.ModelBackend'.",
                id="auth_ui.W012",
            )
        ]
    return []


def check_counter_is_installed(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a counter that guards the sign-in and has no table, so that nobody gets in."""
    named = [*settings.AUTHENTICATION_BACKENDS, *settings.MIDDLEWARE]
    is_named = any(path.startswith("auth_ui.lockout.") for path in named)
    if apps.is_installed("auth_ui.lockout") or not is_named:
        return []
    return [
        Error(
            "AUTHENTICATION_BACKENDS or MIDDLEWARE names auth_ui.lockout, which is not installed.",
            hint="Add 'auth_ui.lockout' to INSTALLED_APPS, and migrate.",
            id="auth_ui.E014",
        )
    ]


def check_counter(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a sign-in where nobody counts the guesses (ASVS 6.3.1)."""
    if apps.is_installed("auth_ui.lockout"):
        return []
    return [
        Warning(
            "auth_ui.lockout is not in INSTALLED_APPS, so passwords may be guessed without limit.",
            hint="Add it, with its backend and its middleware, or silence this if something else "
            "counts guesses.",
            id="auth_ui.W013",
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
    if _leads_to_no_sign_in_page():
        problems.append(
            Warning(
                f"LOGIN_URL ({settings.LOGIN_URL}) leads to Django's own sign-in page or to none, "
                "so auth_ui's signs nobody in.",
                hint="Set LOGIN_URL = 'auth_ui:login', or lead it to a sign-in page of yours.",
                id="auth_ui.W005",
            )
        )
    if doors := sorted(_open_doors()):
        problems.append(
            Warning(
                f"Users can sign in at {' and at '.join(doors)} too, which may ask for less than "
                f"LOGIN_URL ({settings.LOGIN_URL}) does.",
                hint="Take that page away, or let it lead to LOGIN_URL, as the admin of "
                "'auth_ui.apps.AdminConfig' does. Silence this if it asks for enough.",
                id="auth_ui.W018",
            )
        )
    if skipped := _skipped_second_factors():
        problems.append(
            Warning(
                f"LOGIN_URL ({settings.LOGIN_URL}) leads to our page, which asks for a name and a "
                f"password alone, although {' and '.join(skipped)} can ask for a second factor.",
                hint="Lead LOGIN_URL to the page that asks for it, or give our LoginView a form or "
                "a subclass that does (docs/with-a-second-factor.md).",
                id="auth_ui.W022",
            )
        )
    if not _names_a_url(settings.LOGIN_REDIRECT_URL):
        problems.append(
            Error(
                f"LOGIN_REDIRECT_URL ({settings.LOGIN_REDIRECT_URL}) is the name of no URL of this "
                "project, so the sign-in page ends in a NoReverseMatch.",
                hint="Set LOGIN_REDIRECT_URL to the name of a page.",
                id="auth_ui.E021",
            )
        )
    elif match_at(resolve_url(settings.LOGIN_REDIRECT_URL)) is None:
        problems.append(
            Warning(
                f"LOGIN_REDIRECT_URL ({settings.LOGIN_REDIRECT_URL}) leads to no page of this "
                "project, so a user may meet a 404 after signing in.",
                hint="Set LOGIN_REDIRECT_URL to the name of a page.",
                id="auth_ui.W006",
            )
        )
    return problems


def _leads_to_no_sign_in_page() -> bool:
    has_host = bool(urlsplit(str(settings.LOGIN_URL)).netloc)
    is_nowhere = login_match(None) is None and not has_host
    return is_nowhere or type(login_page(None)) is auth_views.LoginView


def _skipped_second_factors() -> list[str]:
    """Return the apps with a second factor that our page at LOGIN_URL does not ask for."""
    page = login_page(None)
    is_plain = type(page) is LoginView and has_only_other_words(form_class(page))
    return [name for name in SECOND_FACTORS if is_plain and apps.is_installed(name)]


def _open_doors() -> Iterator[str]:
    """Yield the route to each view that signs users in and may ask for less than LOGIN_URL does.

    Views of ours do not: they are closed then. Nor can a function's body be read.
    """
    page = login_page(None)
    if type(page) is LoginView:  # which asks for no more than Django's
        page = auth_views.LoginView(authentication_form=form_class(page))
    for route, callback in _routes(get_resolver()).items():
        view = login_view(ResolverMatch(callback, (), {})) or _view_of_admin(callback)
        if view is None or isinstance(view, LoginView):
            continue
        if page is None or not asks_for_as_much(view, page):
            yield route


def _routes(resolver: URLResolver) -> dict[str, Any]:
    """Return each route of a project, as `path()` is given it, with the view that answers there."""
    routes: dict[str, Any] = {}
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        below = _routes(pattern) if isinstance(pattern, URLResolver) else {"": pattern.callback}
        for rest, callback in below.items():
            routes.setdefault(route + rest, callback)  # the first one wins
    return routes


def _view_of_admin(callback: Any) -> auth_views.LoginView | None:
    """Return what signs users in at Django's admin, None if it is another view.

    Packages put a method of their own in the place of the admin's, or wrap it.
    """
    site = getattr(callback, "__self__", None)
    if not isinstance(site, AdminSite) or callback.__module__ != AdminSite.__module__:
        return None
    form = site.login_form or AdminAuthenticationForm
    return auth_views.LoginView(authentication_form=form)


def _place(middleware: type) -> int | None:
    """Return where in MIDDLEWARE a class stands."""
    places = [at for at, path in enumerate(settings.MIDDLEWARE) if is_subclass(path, middleware)]
    return places[0] if places else None


def is_subclass(path: str, wanted: type) -> bool:
    found = import_string(path)
    return isinstance(found, type) and issubclass(found, wanted)


def _context_processors() -> set[str]:
    return {
        path
        for engine in engines.all()
        if isinstance(engine, DjangoTemplates)
        for path in engine.engine.context_processors
    }


def _names_a_url(setting: str) -> bool:
    """Return True for a URL, and for the name of one."""
    try:
        resolve_url(setting)
    except NoReverseMatch:
        return False
    return True
