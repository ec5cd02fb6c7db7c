"""`manage.py check` finds what would weaken the sign-in, each with an id and what to do."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions import middleware as sessions
from django.core.checks import run_checks

from auth_ui import middleware

CSRF = "django.views.csrf.csrf_failure"
LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
SESSIONS = (
    "auth_ui.middleware.SessionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
)
PROXY_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


class OwnMiddleware(middleware.AuthUIMiddleware):
    pass


class OwnSessionMiddleware(middleware.LostSessionMixin, sessions.SessionMiddleware):
    pass


def found():
    messages = run_checks(include_deployment_checks=True)
    return [message.id for message in messages if message.id.startswith("auth_ui.")]


def without(path, settings):
    return [other for other in settings.MIDDLEWARE if other != path]


def test_the_site_makes_none():
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SESSION_ENGINE", "django.contrib.sessions.backends.cache", "auth_ui.W008"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.cached_db", "auth_ui.W008"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies", "auth_ui.W008"),
        ("CSRF_COOKIE_HTTPONLY", True, "auth_ui.W009"),
        ("CSRF_FAILURE_VIEW", CSRF, "auth_ui.W010"),
        ("USE_X_FORWARDED_HOST", True, "auth_ui.W011"),
        ("USE_X_FORWARDED_PORT", True, "auth_ui.W011"),
        ("SECURE_PROXY_SSL_HEADER", PROXY_HEADER, "auth_ui.W011"),
        (
            "AUTHENTICATION_BACKENDS",
            [LOCKOUT, f"{ModelBackend.__module__}.{ModelBackend.__name__}"],
            "auth_ui.W012",
        ),
    ],
)
def test_a_mistake(settings, name, value, expected):
    setattr(settings, name, value)

    assert found() == [expected]
    assert all(message.hint for message in run_checks())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_ENGINE", "django.contrib.sessions.backends.db"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.file"),
    ],
)
def test_no_mistake(settings, name, value):
    setattr(settings, name, value)

    assert found() == []


def test_a_named_proxy_may_be_believed(settings):
    settings.AUTH_UI_TRUSTED_PROXIES = ["127.0.0.1"]
    settings.SECURE_PROXY_SSL_HEADER = PROXY_HEADER

    assert found() == []


@pytest.mark.parametrize("proxy", ["127.0.0.1", "10.1.2.3/8", "::1", "2001:db8::/32", "unix"])
def test_a_proxy_that_can_be_one(settings, proxy):
    settings.AUTH_UI_TRUSTED_PROXIES = [proxy]

    assert found() == []


@pytest.mark.parametrize("proxy", ["localhost", "10.0.0.0/33", "", "127.0.0.1:80", "none"])
def test_a_proxy_that_is_no_address(settings, proxy):
    settings.AUTH_UI_TRUSTED_PROXIES = ["127.0.0.1", proxy]

    assert found() == ["auth_ui.E016"]


def test_nothing_counts_guesses(settings):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "auth_ui.lockout"]
    mistakes = {message for message in found() if ".lockout." not in message}
    assert mistakes == {"auth_ui.W013", "auth_ui.E014"}

    settings.MIDDLEWARE = without("auth_ui.lockout.middleware.LockoutMiddleware", settings)
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    mistakes = {message for message in found() if ".lockout." not in message}
    assert mistakes == {"auth_ui.W013"}


def test_csrf_in_sessions_hides_no_cookie(settings):
    settings.CSRF_USE_SESSIONS = settings.CSRF_COOKIE_HTTPONLY = True

    assert found() == []


def test_nothing_answers_a_lost_session(settings):
    ours, djangos = SESSIONS
    settings.MIDDLEWARE = [djangos if path == ours else path for path in settings.MIDDLEWARE]

    assert found() == ["auth_ui.W017"]


def test_a_session_middleware_of_the_project_may_answer_it(settings):
    ours, _ = SESSIONS
    own = f"{__name__}.OwnSessionMiddleware"
    settings.MIDDLEWARE = [own if path == ours else path for path in settings.MIDDLEWARE]

    assert found() == []


def test_a_project_without_sessions_is_no_mistake_of_ours(settings):
    settings.MIDDLEWARE = without(SESSIONS[0], settings)

    assert "auth_ui.W017" not in found()


def test_our_middleware_is_missing(settings):
    settings.MIDDLEWARE = without("auth_ui.middleware.AuthUIMiddleware", settings)

    assert found() == ["auth_ui.E007"]


def test_our_middleware_comes_too_early(settings):
    settings.MIDDLEWARE = [
        "auth_ui.middleware.AuthUIMiddleware",
        *without("auth_ui.middleware.AuthUIMiddleware", settings),
    ]

    assert found() == ["auth_ui.E007"]


def test_a_subclass_is_ours_too(settings):
    settings.MIDDLEWARE = [
        *without("auth_ui.middleware.AuthUIMiddleware", settings),
        f"{__name__}.OwnMiddleware",
    ]

    assert found() == []


def test_production_is_clean(production_values):
    """`make check` runs `manage.py check --deploy`; this holds that there is nothing silenced."""
    assert "SILENCED_SYSTEM_CHECKS" not in production_values
