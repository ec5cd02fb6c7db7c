import re
from pathlib import Path

import brotli
import pytest

import auth_ui

ALL = sorted((Path(auth_ui.__file__).parent / "static" / "auth_ui").glob("**/*.js"))
SCRIPTS = [script for script in ALL if script.name != "developer.js"]  # while DEBUG is on
MOST = 9_100  # bytes, as a browser gets them; htmx is not needed for them
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)


def test_two_scripts_reach_a_page():
    assert [script.name for script in SCRIPTS] == ["form.js", "session.js"]


def test_both_scripts_keep_their_budget_on_the_wire_without_comments():
    codes = [COMMENT.sub("", script.read_text()).replace("\n\n", "\n") for script in SCRIPTS]

    assert sum(len(brotli.compress(code.encode(), quality=11)) for code in codes) <= MOST


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_comment_has_a_line_of_its_own(script):
    """So that they can be left out of the measure by a plain rule."""
    code = COMMENT.sub("", script.read_text())

    assert re.findall(r".*(?<![:\"'`])//.*|.*/\*.*", code) == []
