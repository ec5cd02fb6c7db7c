"""A browser may fetch or render any link ahead of its user: that changes nothing."""

import pytest

AHEAD = pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
URLS = ["/logout/", "/admin/logout/", "/login/", "/signed-out/", "/resume/", "/csrf-token/"]


@AHEAD
@pytest.mark.parametrize("url", URLS)
def test_nobody_is_signed_out(signed_in, ada, url, purpose):
    signed_in.get(url, headers={"Sec-Purpose": purpose})

    assert signed_in.session["_auth_user_id"] == str(ada.pk)


@AHEAD
@pytest.mark.parametrize("url", ["/dashboard/", "/account/", "/resume/"])
def test_no_cache_keeps_a_private_page_for_later(signed_in, url, purpose):
    response = signed_in.get(url, headers={"Sec-Purpose": purpose})

    assert "no-store" in response["Cache-Control"]
