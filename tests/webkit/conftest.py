"""WebKitGTK, driven through WebDriver on a screen that nobody sees."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

DRIVER = shutil.which("WebKitWebDriver")
BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
TIMEOUT = 30  # seconds


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Return the name of a screen that nobody sees."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as screen:
        yield f":{screen.stdout.readline().decode().strip()}"
        screen.terminate()


class Browser(WebKitGTK):
    """A browser that finds things by what people read."""

    address: str

    def open(self, path: str) -> None:
        self.get(f"{self.address}{path}")

    def wait(self, condition: Callable[["Browser"], object]) -> object:
        """Wait until a condition holds, and return what it returned."""
        # A page that is left takes its elements along.
        patient = WebDriverWait(self, TIMEOUT, 0.1, [StaleElementReferenceException])
        return patient.until(condition)

    def find(self, selector: str, text: str = "") -> WebElement:
        """Wait until an element is shown that begins with a text, and return it."""

        def is_shown(browser: Browser) -> WebElement | None:
            found = browser.find_elements(By.CSS_SELECTOR, selector)
            shown = [element for element in found if element.is_displayed()]
            return next((element for element in shown if element.text.startswith(text)), None)

        return self.wait(is_shown)

    def wait_for_focus(self, selector: str) -> None:
        """Wait until the element of a selector has the focus."""
        self.wait(
            lambda browser: browser.execute_script(
                "return document.activeElement.matches(arguments[0])", selector
            )
        )

    def is_hidden(self, selector: str) -> bool:
        return not self.find_element(By.CSS_SELECTOR, selector).is_displayed()


def start(display: str, address: str, *options: str) -> Browser:
    chosen = Options()
    chosen.binary_location = str(BROWSERS[-1])
    for option in ("--automation", *options):
        chosen.add_argument(option)
    # A sandbox cannot be made inside of a container.
    environment = {
        **os.environ,
        "DISPLAY": display,
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    }
    browser = Browser(options=chosen, service=Service(DRIVER, env=environment))
    browser.address = address
    return browser


@pytest.fixture
def webkit(display, live_server) -> Iterator[Browser]:
    browser = start(display, live_server.url)
    yield browser
    browser.quit()


@pytest.fixture
def plain_webkit(display, live_server) -> Iterator[Browser]:
    """A browser without JavaScript."""
    browser = start(display, live_server.url, "--enable-javascript=false")
    yield browser
    browser.quit()
