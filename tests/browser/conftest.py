import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")
HEADLESS = shutil.which("chromium-headless-shell") or CHROMIUM  # the same engine, faster
TIMEOUT = 15_000  # milliseconds
expect.set_options(timeout=TIMEOUT)

# Playwright runs an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": HEADLESS, "args": ["--no-sandbox"]}


@pytest.fixture
def reader(request, settings) -> str:
    """Say who reads the site: "htmx4" unless a mark of `readers` says otherwise."""
    reader = getattr(request, "param", "htmx4")
    if reader == "htmx2":
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [HERE / "htmx2", *engine["DIRS"]]}]
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_htmx"]
    return reader


@pytest.fixture
def browser_context_args(browser_context_args, live_server, reader):
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "java_script_enabled": reader != "plain",
    }


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(TIMEOUT)
    return page


@pytest.fixture
def sign_in(context, live_server, client):
    """Sign a person in where the sign-in is not what a test is about."""

    def sign_in(person):
        client.force_login(person)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return sign_in
