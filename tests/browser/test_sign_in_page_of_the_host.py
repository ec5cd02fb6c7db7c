"""LOGIN_URL is a page of the host's: the dialog opens it in a new tab, and the work goes on."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.cover import SOMEONE_ELSE, cover, expect_covered
from tests.browser.dashboard import ENDED, TYPED, add, end_session, new_note, notice, saved
from tests.browser.form import dialog, expect_signed_in
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD

ADD = "/dashboard/notes/add/"


@pytest.fixture
def django(settings):
    """Be a host with Django's own LoginView and `registration/login.html`."""
    settings.LOGIN_URL = "/accounts/login/"
    return "Enter"


@pytest.fixture
def second_factor(settings):
    """Be a host whose own page asks for a code too."""
    settings.LOGIN_URL = "/two-steps/"
    return "Enter"


@pytest.fixture
def allauth(settings, transactional_db):
    """Be a host with django-allauth, set up as its documentation says."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "allauth", "allauth.account"]
    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ]
    settings.ROOT_URLCONF = "tests.browser.allauth_urls"
    settings.LOGIN_URL = "account_login"
    call_command("migrate", "account", verbosity=0)
    yield "Sign In"
    call_command("migrate", "account", "zero", verbosity=0)
    # The admin found the app's models when it was installed, and lists them until it is told.
    for model in apps.get_app_config("account").get_models():
        if admin.site.is_registered(model):
            admin.site.unregister(model)


@pytest.fixture(params=["django", "second_factor", "allauth"])
def button(request, host) -> str:  # noqa: F811
    """Set one of the hosts up, and give the words on its sign-in button."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def live_server(button):
    """Serve the host from a server of its own: each keeps the middleware that it began with."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def posted(page: Page, ada, grace, sign_in) -> list[str]:
    sign_in(ada)
    page.goto("/dashboard/")
    page.evaluate("window.isSame = true")
    end_session()
    return watch_posts(page)


def interrupt(page: Page) -> None:
    """Save a note, and meet a dialog that holds no form but leads to the host's page."""
    with page.expect_response(f"**{ADD}") as answer:
        add(page, TYPED)
    assert (answer.value.status, answer.value.header_value("www-authenticate")) == (401, "auth-ui")
    expect(dialog(page).get_by_text(ENDED, exact=True)).to_be_visible()
    expect(dialog(page).get_by_role("textbox")).to_have_count(0)


def sign_in_in_a_new_tab(page: Page, name: str, button: str) -> Page:
    with page.expect_popup() as popup:
        dialog(page).get_by_role("link", name="Open the sign-in page", exact=True).click()
    tab = popup.value
    tab.get_by_role("textbox", name="Username").fill(name)
    tab.get_by_role("textbox", name="Password").fill(PASSWORD)
    if "two-steps" in tab.url:
        tab.get_by_label("Code").fill("123456")
    tab.get_by_role("button", name=button, exact=True).click()
    expect(tab).to_have_url("/dashboard/")
    return tab


@both_htmx
def test_the_same_person_goes_on(page: Page, button, posted, reader):
    interrupt(page)
    tab = sign_in_in_a_new_tab(page, "ada", button)
    expect(notice(page).get_by_text("Note added.", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(new_note(page)).to_have_value("")
    assert saved() == [TYPED]
    assert posted == [ADD, ADD]
    assert page.evaluate("window.isSame") is True
    expect_signed_in(tab)


@both_htmx
def test_another_person_finds_it_covered(page: Page, button, posted, reader):
    interrupt(page)
    sign_in_in_a_new_tab(page, "grace", button)
    expect_covered(page, SOMEONE_ELSE)
    assert saved() == []
    assert posted == [ADD]

    cover(page, SOMEONE_ELSE).get_by_role("button", name="Reload the page").click()
    expect_signed_in(page, "Grace")
    expect(new_note(page)).to_have_value("")
