"""Only a trusted proxy says where a request comes from (ASVS 4.1.3, 15.3.4)."""

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from auth_ui.http.address import client_address

STRANGER, PROXY, CLIENT = "203.0.113.9", "10.0.0.1", "192.0.2.1"


def address(peer, forwarded=None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.fixture
def proxies(settings):
    settings.AUTH_UI_TRUSTED_PROXIES = [PROXY, "10.1.0.0/16", "2001:db8:1::/48", "unix"]


def test_without_a_request_there_is_none():
    assert client_address(None) == ""


@pytest.mark.parametrize("peer", [STRANGER, PROXY, "", "2001:db8:1::1"])
def test_by_default_nobody_is_believed(peer):
    assert address(peer, CLIENT) == peer


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f" {CLIENT} ", CLIENT),
        (PROXY, "2001:db8:ffff::7", "2001:db8:ffff::7"),
        ("10.1.2.3", CLIENT, CLIENT),
        ("2001:db8:1:2::3", CLIENT, CLIENT),
        ("", CLIENT, CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        # What the client itself wrote stands on the left, and is not looked at.
        (PROXY, f"6.6.6.6, {CLIENT}", CLIENT),
        (PROXY, f"{PROXY}, 6.6.6.6, {CLIENT}", CLIENT),
        # A chain of proxies
        (PROXY, f"6.6.6.6, {CLIENT}, 10.1.0.7", CLIENT),
        (PROXY, f"{CLIENT}, 10.1.0.7, ::ffff:{PROXY}", CLIENT),
        (PROXY, f"10.1.0.8, {PROXY}", "10.1.0.8"),
        # The proxy itself asks, a health check say
        (PROXY, None, PROXY),
        ("", None, ""),
        # Garbage ends what can be believed
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CLIENT}, unix", PROXY),
        (PROXY, f"{CLIENT}, evil", PROXY),
        (PROXY, f"{CLIENT},", PROXY),
        (PROXY, f"{CLIENT}:4711", PROXY),
        (PROXY, f"{CLIENT}/32", PROXY),
        ("", "unix", ""),
        # A stranger is not believed, whatever they say
        (STRANGER, CLIENT, STRANGER),
        (STRANGER, f"{CLIENT}, {PROXY}", STRANGER),
        ("10.2.0.1", CLIENT, "10.2.0.1"),
        ("unix.evil", CLIENT, "unix.evil"),
    ],
)
def test_a_trusted_proxy_is_believed_as_far_as_trusted_proxies_wrote(
    proxies, peer, forwarded, expected
):
    assert address(peer, forwarded) == expected


@pytest.mark.parametrize("peer", [STRANGER, PROXY])
def test_other_headers_change_nothing(proxies, peer):
    names = ("Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP", "CF-Connecting-IP", "Via")
    headers = {name: f"for={CLIENT}" if name == "Forwarded" else CLIENT for name in names}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)) == peer


@pytest.mark.parametrize("peer", [STRANGER, PROXY])
def test_a_header_with_underscores_changes_nothing(proxies, peer):
    """CVE-2026-3902: ASGI servers pass it on as if it were the proxy's."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "client": [peer, 4711],
        "headers": [(b"x_forwarded_for", b"6.6.6.6"), (b"x-forwarded-for", CLIENT.encode())],
    }

    assert client_address(ASGIRequest(scope, None)) == (CLIENT if peer == PROXY else peer)


ANYTHING = st.text(max_size=60) | st.lists(
    st.ip_addresses().map(str) | st.sampled_from([PROXY, "unix", "", " ", "%", "::1%\r\n"])
).map(",".join)
reusing_fixtures = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@reusing_fixtures
@given(forwarded=ANYTHING)
def test_a_stranger_s_header_never_changes_the_address(proxies, forwarded):
    assert address(STRANGER, forwarded) == STRANGER


@reusing_fixtures
@given(forwarded=ANYTHING)
@example(forwarded="::1%\r\n")
def test_a_client_behind_the_proxy_never_changes_what_it_wrote(proxies, forwarded):
    assert address(PROXY, f"{forwarded}, {CLIENT}") == CLIENT
