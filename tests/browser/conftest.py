import os
import shutil
from pathlib import Path

import pytest
from django.contrib.auth import login
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpResponse
from playwright.sync_api import Page, expect

from auth_ui.middleware import AuthUIMiddleware, SessionMiddleware

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")
HEADLESS = shutil.which("chromium-headless-shell") or CHROMIUM  # the same engine, faster
FIREFOX = shutil.which("firefox-esr")
TIMEOUT = 15_000  # milliseconds
expect.set_options(timeout=TIMEOUT)

# Playwright runs an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(config, items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if browser_of(item) == "chromium" and not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))
    elsewhere = [item for item in items if needs_another_browser(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def needs_another_browser(item) -> bool:
    """Return True for a test that needs a tool of Chromium's and would get another browser."""
    return bool(item.get_closest_marker("chromium_only")) and browser_of(item) != "chromium"


def browser_of(item) -> str | None:
    return item.callspec.params.get("browser_name") if hasattr(item, "callspec") else None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name):
    launch = {
        "chromium": {"executable_path": HEADLESS, "args": ["--no-sandbox"]},
        # Debian's, over WebDriver BiDi, which cannot ask for less motion later.
        "firefox": {
            "executable_path": FIREFOX,
            "channel": "moz-firefox",
            "firefox_user_prefs": {"ui.prefersReducedMotion": 1},
        },
    }
    return {**browser_type_launch_args, **launch[browser_name]}


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
def browser_context_args(browser_context_args, browser_name, live_server, reader):
    return {
        **browser_context_args,
        # Or a colour is measured on its way. Firefox has it among its preferences.
        **({"reduced_motion": "reduce"} if browser_name == "chromium" else {}),
        "base_url": live_server.url,
        "java_script_enabled": reader != "plain",
    }


@pytest.fixture
def context(context, browser_name, reader):
    if (browser_name, reader) != ("firefox", "plain"):
        yield context
        return
    # WebDriver BiDi cannot switch scripts off. All of ours are files, and none arrives.
    context.route("**/*.js", lambda route: route.abort())
    yield context
    # Or Firefox would store nothing in the contexts of later tests.
    context.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(TIMEOUT)
    return page


@pytest.fixture
def sign_in(context, live_server, rf, settings):
    """Sign a user in where the sign-in is not what a test is about."""

    def sign_in(user):
        def view(request):
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
            return HttpResponse()

        answer = SessionMiddleware(AuthenticationMiddleware(AuthUIMiddleware(view)))
        rf.cookies.update(answer(rf.get("/")).cookies)
        context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in rf.cookies.items()
            ]
        )

    return sign_in
