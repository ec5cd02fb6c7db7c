"""Our parts look the same, and every word can be read, under the style sheets that people have."""

import pytest
from playwright.sync_api import Page

from tests.browser.frameworks import FRAMEWORKS
from tests.browser.looks import NOTHING, all_that_is_faint, open_form, show_toast_and_cover, styles

# What frameworks say with `!important`, and none of our rules does.
IMPORTANT = {"pico": ["what is typed, padding-left"]}
CENTRE = """(element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement; // without scroll bars
  return [left + right - clientWidth, top + bottom - clientHeight];
}"""

every_framework = pytest.mark.parametrize("name", FRAMEWORKS)
pytestmark = pytest.mark.urls("tests.browser.looks")


@every_framework
def test_every_word_edge_and_ring_can_be_seen(page: Page, ada, name):
    open_form(page, name)

    assert all_that_is_faint(page, name) == NOTHING


@pytest.fixture
def by_itself(page: Page, ada) -> dict[str, list[str]]:
    """Our parts under no other style sheet."""
    open_form(page, "")
    show_toast_and_cover(page)
    shown = styles(page)
    page.unroute_all()
    return shown


@every_framework
def test_a_framework_changes_nothing_of_our_parts(page: Page, by_itself, name):
    open_form(page, name)
    show_toast_and_cover(page)

    shown = styles(page)
    changed = {
        part: (style, shown[part])
        for part, style in by_itself.items()
        if part not in IMPORTANT.get(name, ())
        and style[0] != shown[part][0]
        and style[1] != shown[part][1]
    }
    assert changed == {}
    assert page.locator("#auth-ui-cover").evaluate(CENTRE) == pytest.approx([0, 0], abs=1)
