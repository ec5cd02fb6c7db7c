"""The recipes of the docs give our buttons and fields the looks of the page's framework."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.contrast import contrast
from tests.browser.frameworks import paint, sheet_of
from tests.browser.looks import EDGE, NOTHING, SCHEMES, STYLE, all_that_is_faint, first, open_form
from tests.documented.blocks import read

RECIPE = re.compile(r"```css\n(.+?)```.*?```html\n(.+?)```", re.DOTALL)
FRAMEWORKS = {"bootstrap5": "Bootstrap 5", "tailwind4": "Tailwind"}
# Our parts, and the classes that stand on the page where the framework's own would.
PARTS = {
    "button[type=submit]": "button",
    "#auth_ui_username": "input",
    "#auth_ui_team": "select",
    "#auth_ui_stay": "input type=checkbox",
}
SIBLING = """(element, tag) => {
  const [name, type] = tag.split(" type=");
  const sibling = Object.assign(document.createElement(name), { className: element.className });
  if (type) sibling.type = type;
  const place = document.createElement("div");
  place.style = "color: var(--auth-ui-text); line-height: 1.5";
  place.style.display = getComputedStyle(element.parentElement).display;
  place.append(sibling);
  document.body.append(place);
  const seen = (STYLE)(sibling);
  place.remove();
  return seen;
}""".replace("STYLE", STYLE)

every_recipe = pytest.mark.parametrize("name", FRAMEWORKS)
pytestmark = pytest.mark.urls("tests.browser.looks")


def recipe(name: str) -> tuple[str, str]:
    """Return the style sheet and the template that the docs give for a framework."""
    section = read("docs/looks.md").partition(f"## {FRAMEWORKS[name]}\n")[2]
    return RECIPE.search(section).groups()


@pytest.fixture
def open_page(page: Page, ada, name, settings, tmp_path) -> None:
    css, template = recipe(name)
    file = tmp_path / "auth_ui/_classes.html"
    file.parent.mkdir()
    file.write_text(template)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    open_form(page, name, css)


@every_recipe
def test_every_word_edge_and_ring_can_be_seen(page: Page, open_page, name):
    assert all_that_is_faint(page, name) == NOTHING


@pytest.mark.parametrize("name", ["bootstrap5"])  # with Tailwind the browser draws the box
def test_the_box_to_tick_can_be_seen(page: Page, open_page, name):
    ratios = []
    for scheme in SCHEMES:
        paint(page, name, scheme)
        ratios.append(contrast(page.locator("#auth_ui_stay"), "borderTopColor"))

    assert min(ratios) >= EDGE


@every_recipe
def test_a_part_looks_like_one_of_the_framework_s(page: Page, open_page, name):
    ours, theirs = {}, {}
    for part, tag in PARTS.items():
        element = first(page, f".auth-ui-page {part}")
        ours[part] = element.evaluate(STYLE)
        theirs[part] = element.evaluate(SIBLING, tag)

    assert ours == theirs


@every_recipe
def test_their_classes_are_the_framework_s(page: Page, open_page, name):
    written = " ".join(
        first(page, f".auth-ui-page {part}").get_attribute("class") for part in PARTS
    )
    known = sheet_of(name)

    assert [
        word for word in written.split() if "." + re.sub(r"([:./])", r"\\\1", word) not in known
    ] == []
