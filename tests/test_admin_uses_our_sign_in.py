import pytest

from site_config.models import User
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read

NOT_STAFF = (
    "This account may not open this page The admin is for staff. Sign out to use another account. "
    "You are signed in as Ada. Go on Sign out"
)


@pytest.mark.parametrize("url", ["/admin/", "/admin/site_config/user/", "/admin/login/"])
def test_an_anonymous_person_lands_on_our_page(client, db, url):
    response = client.get(url, follow=True)

    wanted = "/admin/" if url == "/admin/login/" else url
    assert response.redirect_chain[-1] == (f"/login/?next={wanted}", 302)
    assert read(response).one("input", name="next")["value"] == wanted


def test_next_is_kept_with_its_query(client, db):
    response = client.get("/admin/site_config/user/?q=ada&o=1", follow=True)

    document = read(response)
    assert document.one("input", name="next")["value"] == "/admin/site_config/user/?q=ada&o=1"


@pytest.mark.parametrize("target", ["//evil.test/", "https://evil.test/"])
def test_next_passes_the_gate_in_the_end(client, grace, target):
    bounced = client.get("/admin/login/", {"next": target})

    response = client.post(bounced["Location"], {"username": "grace", "password": PASSWORD})

    assert response["Location"] == "/dashboard/"


@plain_and_htmx
def test_staff_comes_in(client, grace, headers):
    data = {"username": "grace", "password": PASSWORD, "next": "/admin/"}
    response = client.post("/login/", data, headers=headers)

    page = client.get(response.headers.get("Location") or response.headers["HX-Redirect"])

    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/admin/")


def test_staff_already_signed_in_goes_to_the_index(client, grace):
    client.force_login(grace)

    response = client.get("/admin/login/", {"next": "//evil.test/"})

    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.parametrize(
    "url", ["/admin/", "/admin/login/", "/admin/site_config/user/", "/admin/nowhere/"]
)
def test_somebody_else_reads_that_this_account_may_not(signed_in, url):
    response = signed_in.get(url, follow=True)

    document = read(response)
    assert response.status_code == 403
    assert len(response.redirect_chain) <= 1
    assert document.texts("title") == ["This account may not open this page · auth_ui"]
    assert document.texts("h1") == ["This account may not open this page"]
    assert document.one("section").text == NOT_STAFF
    assert document.one("a", href="/dashboard/", class_="auth-ui-button auth-ui-primary")


def test_a_sign_out_leads_to_the_sign_in_page_for_the_admin(signed_in):
    page = read(signed_in.get("/admin/site_config/user/", follow=True))
    [target] = [field["value"] for field in page.all("input", name="next")]

    left = signed_in.post("/logout/", {"next": target})

    assert left["Location"] == "/login/?next=/admin/site_config/user/"


def test_htmx_reads_it_alone(signed_in):
    response = signed_in.get("/admin/login/", headers=HTMX)

    document = read(response)
    assert (response.status_code, response["HX-Reswap"]) == (403, "none")
    assert document.one(role="alert").text == NOT_STAFF.partition(" You are")[0]


def test_signing_in_as_somebody_else_does_not_loop(client, ada):
    data = {"username": "ada", "password": PASSWORD, "next": "/admin/"}

    response = client.post("/login/", data, follow=True)

    assert response.status_code == 403
    assert [url for url, _ in response.redirect_chain] == [
        "/admin/",
        "/admin/login/?next=/admin/",
    ]


def test_staff_without_rights_is_not_locked_out_of_the_index(client, db):
    client.force_login(User.objects.create_user("clerk", is_staff=True))

    assert client.get("/admin/").status_code == 200


@plain_and_htmx
def test_signing_out_of_the_admin(client, grace, headers):
    client.force_login(grace)

    response = client.post("/admin/logout/", headers=headers)

    reached = response.headers.get("Location", response.headers.get("HX-Redirect"))
    assert (reached, "_auth_user_id" in client.session) == ("/signed-out/", False)


@plain_and_htmx
def test_the_admin_s_sign_out_needs_post_too(client, grace, headers):
    client.force_login(grace)

    response = client.get("/admin/logout/", headers=headers)

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert "You are still signed in as Grace." in read(response).one("section").text
    assert client.session["_auth_user_id"] == str(grace.pk)


def test_the_admin_shows_no_password_hash(client, grace, ada):
    client.force_login(grace)

    page = client.get(f"/admin/site_config/user/{ada.pk}/change/").content.decode()

    assert ada.password.split("$")[-1] not in page
