"""axe-core: what a page does to people who read it with a screen reader, large or in the dark."""

from pathlib import Path

from playwright.sync_api import Page

from tests.conftest import IN_CI

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (runOnly) => (await axe.run({ runOnly, resultTypes: ["violations"] })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))"""
LOOKS = {320: ["light", "dark"], 1280: ["dark", "light"]}
if not IN_CI:
    LOOKS = {width: looks[:1] for width, looks in LOOKS.items()}
SIDEWAYS = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .filter((element) => !element.closest(".skip, .visually-hidden, .auth-ui-hidden"))
  .map((element) => `sticks out: ${element.tagName}.${element.className}`)"""


def can_be_dark(page: Page) -> bool:
    return page.context.browser.browser_type.name == "chromium"


def findings(page: Page) -> list[str]:
    """Return what axe finds in light and dark, on a phone and a desktop, and what sticks out.

    Widths change what is where, schemes only colours: so the rules run once a width. The everyday
    run looks at one scheme on each. Firefox cannot be told to be dark, and is looked at as it is.
    """
    page.evaluate(AXE)
    found = []
    for width, looks in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        for number, scheme in enumerate(looks if can_be_dark(page) else ["light"]):
            page.emulate_media(color_scheme=scheme)
            rules = ["color-contrast"] if number else RULES
            kind = "rule" if number else "tag"
            seen = page.evaluate(RUN, {"type": kind, "values": rules})
            found += [f"{width} {scheme} {finding}" for finding in seen]
        found += [f"{width} {finding}" for finding in page.evaluate(SIDEWAYS)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} scrolls sideways")
    return found
