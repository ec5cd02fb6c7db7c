"""The sign-in page with every part that has looks, and how well each can be seen."""

from django import forms
from django.http import HttpResponse
from django.urls import path
from playwright.sync_api import Locator, Page, expect

from auth_ui.views import LoginView
from site_config.forms import SignInForm
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.browser.contrast import contrast
from tests.browser.form import fill_in, submit, summary
from tests.browser.frameworks import paint, wear

SCHEMES = ["light", "dark"]
NOTHING = {scheme: {} for scheme in SCHEMES}
TEXT = 4.5  # WCAG 1.4.3
EDGE = 3  # WCAG 1.4.11
WORDS = {
    "heading": ".auth-ui-page h1",
    "text": ".auth-ui-page fieldset label",
    "label": "label[for=auth_ui_username]",
    "help": ".auth-ui-help",
    "error": ".auth-ui-error p",
    "problem": ".auth-ui-summary h2",
    "link to the problem": ".auth-ui-summary a",
    "what is typed": "#auth_ui_username",
    "what is chosen": "#auth_ui_team",
    "reveal": ".auth-ui-reveal",
    "button": ".auth-ui-page button[type=submit]",
    "link": ".auth-ui-page .auth-ui-actions a",
}
COVER = {
    "cover's heading": "#auth-ui-cover h1",
    "cover's text": "#auth-ui-cover p",
    "cover's link": "#auth-ui-cover a",
    "cover's button": "#auth-ui-cover button",
}
OTHERS = {"toast": "#auth-ui-status p", "close": ".auth-ui-close"}
EDGES = {
    "field": "#auth_ui_team",
    "wrong field": "#auth_ui_username",
    "plain button": "#auth-ui-cover button",
}
BOXES = {
    "card": ".auth-ui-page .auth-ui-card",
    "list": ".auth-ui-summary ul",
    "fieldset": "fieldset",
    "legend": "legend",
    "check": "[type=checkbox]",
    "radio": "[type=radio]",
    "dialog that is closed": "#auth-ui-dialog",
    "summary": ".auth-ui-summary",
    "actions": ".auth-ui-page .auth-ui-actions",
    "form": ".auth-ui-page form",
}
# What a part has by itself: as it is, and as many times its text, which has the host's size.
STYLE = """(element) => {
  const style = getComputedStyle(element);
  const names = ["color", "display", "visibility", "position", "float", "opacity", "appearance",
    "background-color", "background-image", "border-top-style", "border-top-color", "box-shadow",
    "box-sizing", "text-transform", "text-align", "text-decoration-line", "list-style-type",
    "font-weight", "cursor", "transform", "filter", "clip-path", "order", "border-top-width",
    "margin-top", "margin-bottom", "padding-top", "padding-left", "min-height",
    "border-top-left-radius", "line-height", "letter-spacing"];
  const inText = (value) => (parseFloat(value) / parseFloat(style.fontSize)).toFixed(1);
  return names.map((name) => [name, style.getPropertyValue(name)])
    .map(([name, value]) => [name, value, value.endsWith("px") ? inText(value) : value]);
}"""
OUTLINE = (
    "(element) => [getComputedStyle(element).outlineStyle, getComputedStyle(element).outlineWidth]"
)


class EveryKindOfField(SignInForm):
    team = forms.ChoiceField(
        choices=[("a", "Analysts"), ("b", "Builders")], help_text="Of this year."
    )
    stay = forms.BooleanField(label="Stay signed in", required=False)
    place = forms.ChoiceField(choices=[("h", "Here"), ("t", "There")], widget=forms.RadioSelect)


urlpatterns = [
    path("login/", LoginView.as_view(authentication_form=EveryKindOfField)),
    path("reset/", lambda request: HttpResponse(), name="password_reset"),
    *site,
]


def open_form(page: Page, name: str, more: str = "") -> None:
    """Open the sign-in page under a style sheet, with a problem in its form."""
    wear(page, name, more)
    page.goto("/login/")
    fill_in(page, word="wrong")
    page.get_by_label("Here", exact=True).check()
    submit(page).click()
    expect(summary(page)).to_be_focused()


def show_toast_and_cover(page: Page) -> None:
    page.evaluate("""async () => {
      const response = await fetch(document.querySelector("meta[name=auth-ui]").dataset.words);
      const templates = new Range().createContextualFragment(await response.text());
      const words = (name) => templates.getElementById(`auth-ui-${name}`).content.cloneNode(true);
      document.getElementById("auth-ui-status").replaceChildren(words("not_saved"));
      document.getElementById("auth-ui-cover").replaceChildren(words("signed_out"));
      document.getElementById("auth-ui-cover").showModal();
      document.activeElement.blur();
    }""")


def close_cover(page: Page) -> None:
    page.evaluate("document.getElementById('auth-ui-cover').close()")


def first(page: Page, selector: str) -> Locator:
    return page.locator(selector).first


def too_faint(page: Page, parts: dict[str, str], property: str, least: float) -> dict[str, float]:
    seen = {part: contrast(first(page, selector), property) for part, selector in parts.items()}
    return {part: ratio for part, ratio in seen.items() if ratio < least}


def faint_under_the_pointer(page: Page, parts: dict[str, str]) -> dict[str, float]:
    seen = {}
    for part, selector in parts.items():
        first(page, selector).hover()
        seen |= too_faint(page, {f"{part} under the pointer": selector}, "color", TEXT)
    return seen


def faint_in_focus(page: Page) -> dict[str, float]:
    """Return what has no ring that can be seen when the keyboard comes to it.

    The walk ends at the last link: one more Tab would lead to the browser's own buttons, where
    Firefox keeps the focus.
    """
    seen = {}
    last = first(page, WORDS["link"])
    summary(page).focus()
    for number in range(20):
        page.keyboard.press("Tab")
        element = page.locator(".auth-ui-card :focus")
        style, width = element.evaluate(OUTLINE)
        ratio = contrast(element, "outlineColor")
        if (style, width) != ("solid", "3px") or ratio < EDGE:
            seen[f"focus {number}"] = ratio
        if last.evaluate("(element) => element === document.activeElement"):
            break
    assert number > 6
    return seen


def all_that_is_faint(page: Page, name: str) -> dict[str, dict[str, float]]:
    """Return what cannot be seen well on a page with a form, in light and in dark."""
    found = {}
    for scheme in SCHEMES:
        paint(page, name, scheme)
        found[scheme] = too_faint(page, WORDS, "color", TEXT)
        found[scheme] |= faint_under_the_pointer(
            page, {part: WORDS[part] for part in ("button", "link")}
        )
        found[scheme] |= faint_in_focus(page)
        show_toast_and_cover(page)
        found[scheme] |= too_faint(page, EDGES, "borderTopColor", EDGE)
        found[scheme] |= too_faint(page, COVER | OTHERS, "color", TEXT)
        found[scheme] |= faint_under_the_pointer(
            page, {part: COVER[part] for part in list(COVER)[2:]}
        )
        close_cover(page)

    return found


def styles(page: Page) -> dict[str, list[str]]:
    parts = WORDS | BOXES | COVER | OTHERS
    return {
        f"{part}, {name}": [value, in_text]
        for part, selector in parts.items()
        for name, value, in_text in first(page, selector).evaluate(STYLE)
    }
