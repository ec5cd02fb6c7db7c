from pathlib import Path

import pytest

HERE = Path(__file__).parent
VENDOR = HERE.parent.parent / "vendor"


@pytest.fixture
def body(request) -> str:
    """Name what stands on the body of each page, the sign-in page's too: a file in `body/`."""
    return getattr(request, "param", "")


@pytest.fixture(autouse=True)
def host(settings, reader, body):
    [engine] = settings.TEMPLATES
    processors = engine["OPTIONS"]["context_processors"]
    options = {"context_processors": [*processors, "tests.browser.pages.facts.htmx"]}
    directories = [HERE / "templates", *engine["DIRS"]]
    settings.TEMPLATES = [{**engine, "DIRS": directories, "OPTIONS": options}]
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, ("vendor", VENDOR)]
    settings.ROOT_URLCONF = "tests.browser.pages.urls"
    settings.HOST_HTMX = "htmx2" if reader == "htmx2" else "htmx4"
    settings.HOST_BODY = body and f"body/{body}.html"
