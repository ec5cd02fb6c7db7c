"""htmx 2 keeps pages in the browser's storage unless it is told not to: the console says so."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

WARNING = "auth_ui: set htmx.config.historyCacheSize = 0"


pytestmark = pytest.mark.usefixtures("debug")


@pytest.fixture
def htmx2(settings):
    [engine] = settings.TEMPLATES
    folder = Path(__file__).parent / "htmx2"
    settings.TEMPLATES = [{**engine, "DIRS": [folder, *engine["DIRS"]]}]
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_htmx"]


def warnings(page: Page, url: str) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(url, wait_until="load")
    return [text for text in said if WARNING in text]


def test_with_htmx_2_as_it_comes(page: Page, live_server, htmx2):
    def as_it_comes(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"historyCacheSize": 0, ', ""))

    page.route(f"{live_server.url}/", as_it_comes)

    assert warnings(page, live_server.url) == [WARNING]


def test_not_with_the_configuration_that_the_readme_gives(page: Page, live_server, htmx2):
    assert warnings(page, live_server.url) == []


def test_not_with_htmx_4(page: Page, live_server):
    assert warnings(page, live_server.url) == []
