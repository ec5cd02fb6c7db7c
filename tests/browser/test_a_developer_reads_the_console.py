"""While DEBUG is on the console tells a developer, in one line each, what a page lacks."""

import pytest
from playwright.sync_api import Page

from tests.browser.host import host  # noqa: F401

OLD = "window.htmx = { version: '1.9.12', config: { historyCacheSize: 10 }, process: () => {} };"


@pytest.fixture
def told(page: Page) -> list[str]:
    told: list[str] = []
    page.on("console", lambda m: told.append(m.text) if m.text.startswith("auth_ui") else None)
    return told


@pytest.mark.usefixtures("debug")
def test_nothing_of_a_page_that_lacks_nothing(page: Page, db, told):
    page.goto("/")
    assert told == []


@pytest.mark.usefixtures("host")
def test_a_page_without_the_dialog(page: Page, ada, sign_in, told, settings):
    settings.DEBUG = True
    sign_in(ada)
    page.goto("/bare/")
    assert told == [
        'auth_ui: this page has no {% include "auth_ui/dialog.html" %}, so it is not covered.'
    ]


@pytest.mark.usefixtures("debug")
def test_htmx_1(page: Page, db, told):
    page.route("**/htmx-*.js", lambda route: route.fulfill(body=OLD))
    page.goto("/")
    assert told == ["auth_ui: htmx 1.9.12 is too old, use htmx 2 or 4."]


def test_nothing_in_production(page: Page, db, told):
    page.route("**/htmx-*.js", lambda route: route.fulfill(body=OLD))
    page.goto("/")
    assert told == []
