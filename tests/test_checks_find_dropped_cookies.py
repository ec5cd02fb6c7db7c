"""A check finds cookies that browsers drop: a prefix or SameSite=None that asks for more."""

import pytest
from django.core.checks import Warning, run_checks

SECURE = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}


def found(settings, **values):
    for name, value in values.items():
        setattr(settings, name, value)
    return [one for one in run_checks() if one.id in ("auth_ui.W019", "auth_ui.W020")]


def w019(kind, name, hint):
    return Warning(
        f"{kind}_COOKIE_NAME ({name}) promises what other settings do not keep, so browsers drop "
        "the cookie.",
        hint=f"Set {hint}, or another name.",
        id="auth_ui.W019",
    )


def w020(kind):
    return Warning(
        f"{kind}_COOKIE_SAMESITE is 'None' and the cookie is not secure, so browsers drop it.",
        hint=f"Set {kind}_COOKIE_SECURE = True.",
        id="auth_ui.W020",
    )


@pytest.mark.parametrize("kind", ["SESSION", "CSRF"])
@pytest.mark.parametrize("prefix", ["__Host-", "__Secure-", "__host-", "__SECURE-"])
def test_a_prefix_without_secure(settings, kind, prefix):
    name = f"{prefix}x"

    assert found(settings, **{f"{kind}_COOKIE_NAME": name}) == [
        w019(kind, name, f"{kind}_COOKIE_SECURE = True")
    ]


@pytest.mark.parametrize("kind", ["SESSION", "CSRF"])
def test_a_host_prefix_with_a_domain_and_a_path(settings, kind):
    place = {f"{kind}_COOKIE_DOMAIN": ".example.org", f"{kind}_COOKIE_PATH": "/below/"}

    assert found(settings, **SECURE, **place, **{f"{kind}_COOKIE_NAME": "__Host-x"}) == [
        w019(kind, "__Host-x", f"{kind}_COOKIE_PATH = '/', {kind}_COOKIE_DOMAIN = None")
    ]


@pytest.mark.parametrize("prefix", ["__Http-", "__Host-Http-"])
def test_an_http_prefix_of_a_cookie_that_scripts_read(settings, prefix):
    name = f"{prefix}x"

    assert found(settings, **SECURE, CSRF_COOKIE_NAME=name) == [
        w019("CSRF", name, "CSRF_COOKIE_HTTPONLY = True")
    ]


@pytest.mark.parametrize("kind", ["SESSION", "CSRF"])
@pytest.mark.parametrize("value", ["None", "none"])
def test_samesite_none_without_secure(settings, kind, value):
    assert found(settings, **{f"{kind}_COOKIE_SAMESITE": value}) == [w020(kind)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"SESSION_COOKIE_SAMESITE": "Strict", "CSRF_COOKIE_SAMESITE": False},
        {**SECURE, "SESSION_COOKIE_SAMESITE": "None", "CSRF_COOKIE_SAMESITE": "None"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Host-x", "CSRF_COOKIE_NAME": "__Host-y"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Host-x", "SESSION_COOKIE_DOMAIN": ""},
        {**SECURE, "SESSION_COOKIE_NAME": "__Http-x"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Secure-x", "SESSION_COOKIE_DOMAIN": ".example.org"},
    ],
)
def test_nothing_where_every_promise_is_kept(settings, values):
    assert found(settings, **values) == []
