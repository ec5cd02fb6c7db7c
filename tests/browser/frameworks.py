"""The style sheets that people have around our parts, as they are published."""

import re
from pathlib import Path

from playwright.sync_api import Page

VENDOR = Path(__file__).parent.parent / "vendor"
OURS = Path(__file__).parent.parent.parent / "auth_ui/static/auth_ui/auth_ui.css"

# Where a framework's own mark on <html> makes it dark, it stands here.
FRAMEWORKS = {
    "bootstrap3": "",
    "bootstrap5": "data-bs-theme",
    "bulma": "data-theme",
    "pico": "data-theme",
    "tailwind3": "",
    "tailwind4": "",
    "wagtail": "",
}


def sheet_of(name: str) -> str:
    [file] = (VENDOR / name).glob("*.css")
    return file.read_text()


def wear(page: Page, name: str, more: str = "") -> None:
    """Give the site's pages a framework's style sheet in the place of its own.

    It comes after ours, which is the harder order: of two rules of one weight the later one wins.
    """
    after = re.sub(r"@charset [^;]+;", "", sheet_of(name)) if name else ""
    page.route("**/site.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.route(
        "**/auth_ui.css",
        lambda route: route.fulfill(
            body=f"{OURS.read_text()}\n{after}\n{more}", content_type="text/css"
        ),
    )


def paint(page: Page, name: str, scheme: str) -> None:
    """Make a page light or dark, as the framework would have it said."""
    page.emulate_media(color_scheme=scheme)  # Firefox goes by the mark below alone
    mark = FRAMEWORKS.get(name)
    if mark:
        page.evaluate(
            "([mark, scheme]) => document.documentElement.setAttribute(mark, scheme)",
            [mark, scheme],
        )
    elif name == "wagtail":
        page.evaluate(
            "(scheme) => { document.documentElement.className = `w-theme-${scheme}`; }", scheme
        )
