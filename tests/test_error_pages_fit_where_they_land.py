import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from site_config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX, plain_and_htmx
from tests.document import read


def raising(exception):
    @login_not_required
    def view(request):
        raise exception("the secret detail")

    return view


urlpatterns = [
    path("bad/", raising(SuspiciousOperation)),
    path("forbidden/", raising(PermissionDenied)),
    path("broken/", raising(ZeroDivisionError)),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PAGES = {
    "/bad/": (
        400,
        "That request could not be read",
        "Go back, check what you entered and try again.",
    ),
    "/forbidden/": (
        403,
        "You may not see this page",
        "Your account is not allowed to see it. Ask the people who run this site if you think "
        "it should be.",
    ),
    "/nowhere/": (
        404,
        "There is no page here",
        "The address may be mistyped, or the page may be gone.",
    ),
    "/broken/": (
        500,
        "Something went wrong on our side",
        "It is not your fault. Please try again in a moment.",
    ),
}
CSRF = (
    "The server did not accept this Nothing was done. "
    "Copy what you typed from the page before, reload that page and try again."
)
METHOD = (
    405,
    "This page cannot be used that way",
    "Nothing was changed. Go back and use the buttons on the page.",
)
WHOLE = {"plain": {}, "boosted": BOOSTED, "history restore": HISTORY_RESTORE}

pages = pytest.mark.parametrize(
    ("url", "status", "heading", "advice"), [(url, *words) for url, words in PAGES.items()]
)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def assert_page(response, status, heading, advice):
    document = read(response)
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert document.texts("title") == [f"{heading} · auth_ui"]
    assert document.one(class_="error-page").text == (
        f"{status} {heading} {advice} Go to the home page"
    )
    assert document.one("a", class_="button")["href"] == "/"


def assert_fragment(response, status, heading, advice):
    document = read(response)
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert document.pieces == [("div", None, None)]
    assert document.one(role="alert").text == f"{heading} {advice}"


@pages
@pytest.mark.parametrize("headers", WHOLE.values(), ids=WHOLE)
def test_a_page_for_a_page(client, url, status, heading, advice, headers):
    assert_page(client.get(url, headers=headers), status, heading, advice)


@pages
def test_a_line_for_htmx(client, url, status, heading, advice):
    assert_fragment(client.get(url, headers=HTMX), status, heading, advice)


@plain_and_htmx
def test_a_missing_token_has_its_own_words(ada, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = client.post("/dashboard/notes/add/", headers=headers)

    document = read(response)
    [words] = document.texts(role="alert") if headers else document.texts("section")
    assert (response.status_code, document.is_page) == (403, not headers)
    assert words.startswith(CSRF)


@plain_and_htmx
@pytest.mark.parametrize(
    "url",
    ["/", "/account/", "/favicon.ico", "/dashboard/", "/dashboard/pulse/", "/dashboard/notes/1/"],
)
def test_a_wrong_method_has_its_own_words(signed_in, url, headers):
    response = signed_in.post(url, headers=headers)

    (assert_fragment if headers else assert_page)(response, *METHOD)
    assert response["Allow"] == "GET, HEAD"


@plain_and_htmx
@pytest.mark.parametrize("url", [*PAGES, "/dashboard/"])
def test_a_line_is_not_taken_for_a_page(client, ada, url, headers):
    client.force_login(ada)

    response = client.put(url, headers=headers)

    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Request-Type"} <= set(
        response["Vary"].split(", ")
    )


@plain_and_htmx
def test_a_page_with_a_name_on_it_is_not_taken_for_another_person_s(signed_in, headers):
    for response in (signed_in.get("/nowhere/"), signed_in.put("/dashboard/")):
        assert "Ada" in response.content.decode()
        assert "Cookie" in response["Vary"].split(", ")


@pages
def test_a_signed_in_person_stays_so(client, ada, url, status, heading, advice):
    client.force_login(ada)

    response = client.get(url)

    assert response.status_code == status
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert ("Ada" in read(response).texts("bdi")) == (status != 500)


@plain_and_htmx
@pytest.mark.parametrize("url", PAGES)
def test_no_detail_is_told(client, url, headers):
    text = client.get(url, headers=headers).content.decode()

    assert "secret detail" not in text
    assert "Traceback" not in text
    assert "Error" not in text.replace("error", "")


@plain_and_htmx
def test_a_failure_asks_the_database_nothing(client, django_assert_num_queries, headers):
    with django_assert_num_queries(0):
        response = client.get("/broken/", headers=headers)

    (assert_fragment if headers else assert_page)(response, *PAGES["/broken/"])


@plain_and_htmx
def test_a_foreign_host_name_is_refused_with_a_page(client, headers):
    response = client.get("/", headers=headers, HTTP_HOST="evil.test")

    (assert_fragment if headers else assert_page)(response, *PAGES["/bad/"])
    assert "evil.test" not in response.content.decode()
