"""A refused sign-in tells no script that a user signed in, and changes nobody's session."""

import pytest

from auth_ui.lockout.counting import now
from auth_ui.lockout.models import Counter
from tests.conftest import plain_and_htmx


@pytest.fixture
def refused(signed_in):
    """Give a browser in which Ada is signed in and where no guess is allowed for now."""
    signed_in.post("/login/", {"username": "nobody", "password": "wrong"})
    Counter.objects.update(locked_until=now() + 60)
    return signed_in


@plain_and_htmx
def test_nothing_is_announced_and_the_session_stays(refused, headers):
    key = refused.session.session_key

    response = refused.post("/login/", {"username": "nobody", "password": "wrong"}, headers=headers)

    assert (response.status_code, response.headers.get("HX-Trigger")) == (429, None)
    assert refused.session.session_key == key
