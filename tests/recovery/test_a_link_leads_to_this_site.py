"""The host of a link is configured, or one of ALLOWED_HOSTS (OWASP: Host header poisoning)."""

import pytest

from auth_ui.recovery import checks
from auth_ui.recovery.models import Asking


def origin_of(client, **extra):
    client.post("/password-reset/", {"email": "ada"}, **extra)
    return Asking.objects.get().origin


def test_it_is_the_host_that_was_asked(client, db):
    assert origin_of(client) == "http://testserver"


def test_a_port_that_a_visitor_names_is_left_out(client, db):
    assert origin_of(client, headers={"Host": "testserver:8443"}) == "http://testserver"


def test_an_ipv6_host_keeps_its_brackets(client, db, settings):
    settings.ALLOWED_HOSTS = ["[::1]"]

    assert origin_of(client, headers={"Host": "[::1]:80"}) == "http://[::1]"


def test_in_development_the_port_counts(client, db, settings):
    settings.DEBUG = True

    assert origin_of(client, headers={"Host": "localhost:8000"}) == "http://localhost:8000"


def test_a_configured_origin_wins(client, ada, settings, links):
    settings.AUTH_UI_ORIGIN = "https://example.com:8443/"
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/password-reset/", {"email": "ada"}, headers={"Host": "evil.test"})

    [link] = links()
    assert link.startswith("https://example.com:8443/password-reset/")


@pytest.mark.parametrize("host", ["*", ".example.com"])
def test_a_pattern_needs_a_configured_origin(settings, host):
    settings.ALLOWED_HOSTS = ["example.com", host]
    without = [error.id for error in checks.check_origin()]
    settings.AUTH_UI_ORIGIN = "https://example.com"

    assert (without, checks.check_origin()) == (["auth_ui.recovery.E002"], [])


def test_whole_names_need_none(settings):
    settings.ALLOWED_HOSTS = ["example.com", "localhost"]

    assert checks.check_origin() == []


@pytest.mark.parametrize(
    "text", ["example.com", "https://", "https://example.com/path", "ftp://a.test", "https://[bad"]
)
def test_an_origin_is_a_scheme_and_a_host(settings, text):
    settings.AUTH_UI_ORIGIN = text

    assert [error.id for error in checks.check_origin()] == ["auth_ui.recovery.E001"]


class WithoutPages:
    from site_config.urls import urlpatterns as site

    urlpatterns = [pattern for pattern in site if "recovery" not in str(pattern)]


class WithDjangosPages:
    from django.contrib.auth.views import PasswordResetView
    from django.urls import path

    from site_config.urls import urlpatterns as site

    urlpatterns = [path("password-reset/", PasswordResetView.as_view(), name="password_reset")]


def test_the_check_finds_our_pages(settings):
    assert checks.check_urls() == []


@pytest.mark.parametrize("urls", [WithoutPages, WithDjangosPages])
def test_other_pages_or_none_are_found(settings, urls):
    settings.ROOT_URLCONF = urls

    assert [warning.id for warning in checks.check_urls()] == ["auth_ui.recovery.W003"]
