"""A sentence that a page, a fragment and the script share stands in one template."""

import re
from collections import Counter
from pathlib import Path

import pytest

import auth_ui

APP = Path(auth_ui.__file__).parent
SITE = Path(__file__).parent.parent / "templates"
TRANSLATED = re.compile(
    r'{% translate "(.+?)"|{% blocktranslate.*?%}(.*?){% endblocktranslate %}', re.DOTALL
)
# Names of pages, of buttons and of links, which stand wherever these do.
NAMES = {
    "Dashboard",
    "Delete",
    "Edit a note",
    "Error:",
    "Go on",
    "Reload the page",
    "Sign in",
    "Sign out",
    "Your account",
}


def sentences(templates: Path) -> list[str]:
    return [
        next(filter(None, found.groups()))
        for file in sorted(templates.rglob("*.html"))
        for found in TRANSLATED.finditer(file.read_text())
    ]


@pytest.mark.parametrize("templates", [APP, SITE], ids=["app", "site"])
def test_each_sentence_stands_once(templates):
    repeated = {words for words, times in Counter(sentences(templates)).items() if times > 1}

    assert repeated <= NAMES


def test_each_name_is_repeated():
    times = Counter(sentences(APP) + sentences(SITE))

    assert {name for name in NAMES if times[name] < 2} == set()


def test_all_that_is_translated_is_read():
    tags = [
        tag
        for templates in (APP, SITE)
        for file in templates.rglob("*.html")
        for tag in re.findall(r"{% (?:block)?translate ", file.read_text())
    ]

    assert len(sentences(APP) + sentences(SITE)) == len(tags)
