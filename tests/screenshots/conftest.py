"""Take pictures of each state, on a phone and a desktop, light and dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import (  # noqa: F401
    browser_context_args,
    browser_type_launch_args,
    context,
    page,
    reader,
    sign_in,
)

PICTURES = Path(__file__).parents[2] / "screenshots"
SIZES = {390: 844, 1280: 800}  # CSS pixels
SCHEMES = ["light", "dark"]


@pytest.fixture
def picture(page: Page) -> Callable[[str], None]:  # noqa: F811
    """Write the pictures of what a page shows now, under the name of the state."""
    PICTURES.mkdir(exist_ok=True)

    def write(state: str) -> None:
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                path = PICTURES / f"{state}-{width}-{scheme}.png"
                page.screenshot(path=path, caret="hide", animations="disabled")

    return write
