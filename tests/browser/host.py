"""The site as a host's: with the pages of `host_urls` and the templates of `host/`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def host(settings, reader):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [HERE / "host", *engine["DIRS"]]}]
    settings.ROOT_URLCONF = "tests.browser.host_urls"
