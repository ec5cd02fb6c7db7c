import os
import shutil
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from tests.conftest import PASSWORD

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")

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
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(params=[4, 2], ids=["htmx4", "htmx2"])
def htmx_major(request, settings):
    """Run a test on both majors of htmx: the site's own, and htmx 2 in its place."""
    if request.param == 2:
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [HERE / "htmx2", *engine["DIRS"]]}]
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_htmx"]
    return request.param


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request, browser_context_args):
    """Run a test with JavaScript on and off."""
    browser_context_args["java_script_enabled"] = request.param
    return request.param
