"""Where one URL has two shapes, no cache serves the one for the other."""

import pytest

from tests.conftest import HTMX
from tests.session.conftest import sign_in, tag_in

SHAPE = {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Request-Type"}
BOTH_SHAPES = pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])


def varies_on_shape(response):
    return set(response.get("Vary", "").split(", ")) >= SHAPE


@BOTH_SHAPES
@pytest.mark.parametrize("url", ["/login/", "/logout/", "/signed-out/", "/nowhere/"])
def test_pages_of_ours(here, url, shape):
    assert varies_on_shape(here.get(url, headers=shape))


@BOTH_SHAPES
def test_request_of_an_ended_session(ended, shape):
    """A cached redirect would be followed into the page, a cached 401 shown as one."""
    assert varies_on_shape(ended.get("/dashboard/", headers=shape))


@BOTH_SHAPES
def test_page_of_another_person(here, grace, shape):
    tag = tag_in(here)
    sign_in(here, "grace")

    assert varies_on_shape(here.get("/", headers={**shape, "Auth-UI-Person": tag}))


@BOTH_SHAPES
@pytest.mark.parametrize("url", ["/login/", "/logout/", "/dashboard/notes/add/"])
def test_bad_token(here, url, shape):
    assert varies_on_shape(here.post(url, headers={**shape, "Origin": "null"}))
