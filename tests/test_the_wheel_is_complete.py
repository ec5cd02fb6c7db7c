import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [file] = directory.iterdir()
    return zipfile.ZipFile(file)


def names(wheel, pattern):
    return {name for name in wheel.namelist() if re.fullmatch(pattern, name)}


def test_it_holds_every_file_of_the_app_and_nothing_else(wheel):
    source = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "auth_ui").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert names(wheel, r"(?!.*\.dist-info/).*") == source


@pytest.mark.parametrize(
    "pattern",
    [
        r"auth_ui/py\.typed",
        r"auth_ui/templates/auth_ui/login\.html",
        r"auth_ui/templates/auth_ui/_login_form\.html",
        r"auth_ui/static/auth_ui/\w+\.css",
        r"auth_ui/static/auth_ui/\w+\.js",
        r"auth_ui/templatetags/auth_ui\.py",
        r"auth_ui-[\w.]+\.dist-info/licenses/LICENSE",
    ],
)
def test_among_them(wheel, pattern):
    assert names(wheel, pattern) != set()


def test_none_of_the_site_or_the_tests(wheel):
    assert {name.partition("/")[0].partition("-")[0] for name in wheel.namelist()} == {"auth_ui"}
