import pytest

from site_config.models import User
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read


@plain_and_htmx
def test_the_page_says_who_and_offers_both_ways(signed_in, headers):
    document = read(signed_in.get("/login/", {"next": "/account/"}, headers=headers))

    section = document.one("section", class_="auth-ui-card")
    assert section.text == "Sign in You are signed in as Ada. Go on Sign out"
    assert document.one("a", class_="auth-ui-button auth-ui-primary")["href"] == "/account/"
    assert document.all("form", action="/login/") == document.all("input", name="password") == []
    assert document.all("form", action="/logout/", method="post") != []


@plain_and_htmx
@pytest.mark.parametrize("target", ["", "https://evil.test/", "/login/?next=/account/"])
def test_without_a_way_on_it_is_the_default(signed_in, headers, target):
    document = read(signed_in.get("/login/", {"next": target}, headers=headers))

    assert document.one("a", class_="auth-ui-button auth-ui-primary")["href"] == "/dashboard/"


@plain_and_htmx
def test_a_person_without_a_first_name_goes_by_username(client, db, headers):
    client.force_login(User.objects.create_user("<b>.x"))

    document = read(client.get("/login/", headers=headers))

    assert set(document.texts("bdi")) == {"<b>.x"}
    assert document.all("b") == []


@plain_and_htmx
def test_another_person_may_still_sign_in(signed_in, grace, headers):
    signed_in.post("/login/", {"username": "grace", "password": PASSWORD}, headers=headers)

    assert signed_in.session["_auth_user_id"] == str(grace.pk)


@plain_and_htmx
def test_a_wrong_password_changes_nothing(signed_in, ada, headers):
    data = {"username": "grace", "password": "wrong"}

    document = read(signed_in.post("/login/", data, headers=headers))

    assert document.one("input", name="username")["value"] == "grace"
    assert signed_in.session["_auth_user_id"] == str(ada.pk)


def test_a_disabled_person_is_nobody_at_the_next_request(signed_in, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)

    response = signed_in.get("/account/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/account/")
