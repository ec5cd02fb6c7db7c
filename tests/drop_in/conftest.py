import os
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, HEADLESS
from tests.documented.blocks import ROOT
from tests.drop_in.packages import BESIDE, NEEDED, build, make_environment
from tests.drop_in.project import Project

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": HEADLESS, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def sdist(tmp_path_factory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "sdist")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="session")
def clean(tmp_path_factory, wheel) -> Path:
    """The programs of an environment with the wheel and what it asks for."""
    return make_environment(tmp_path_factory.mktemp("clean") / "venv", wheel, NEEDED)


@pytest.fixture(scope="session")
def crowded(tmp_path_factory, wheel) -> Path:
    """The programs of an environment with other apps and servers beside it."""
    return make_environment(tmp_path_factory.mktemp("crowded") / "venv", wheel, NEEDED + BESIDE)


@pytest.fixture
def project(request, tmp_path, variant) -> Project:
    needs_more = variant.server != "runserver" or variant.beside in ("allauth", "debug toolbar")
    programs = request.getfixturevalue("crowded" if needs_more else "clean")
    project = Project(tmp_path / "project", programs, variant)
    project.make()
    return project


@pytest.fixture
def new_page(browser):
    """A function that opens a page in a browser without cookies."""
    pages = []

    def open_page(**options):
        pages.append(browser.new_page(**options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
