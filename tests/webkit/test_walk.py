"""A walk through the site in WebKit, the engine of Safari."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from site_config.models import Note
from tests.conftest import PASSWORD
from tests.webkit.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = Path("test-results") / "webkit"
DIALOG = "#auth-ui-dialog"
COVER = "#auth-ui-cover"
NAME = "[name=username]"
WORD = "[name=password]"
MY_NAME = "header"
NEW_NOTE = "#add-note textarea"


def take_picture(browser: Browser, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(PICTURES / f"{name}.png"))


def sign_in(browser: Browser, place: str = "main", word: str = PASSWORD) -> None:
    name = browser.find(f"{place} {NAME}")
    name.clear()
    name.send_keys("ada")
    browser.find(f"{place} {WORD}").send_keys(word, Keys.ENTER)


def at_dashboard(browser: Browser) -> None:
    browser.open("/login/?next=/dashboard/")
    sign_in(browser)
    browser.find("h1", "Your notes")


def sign_out(browser: Browser) -> None:
    browser.find("header button", "Sign out").click()
    browser.find("h1", "You are signed out")


def test_sign_in_in_the_dialog_after_a_wrong_password(webkit, ada):
    webkit.open("/")
    webkit.find("a", "Sign in").click()
    webkit.wait_for_focus(f"{DIALOG} {NAME}")
    take_picture(webkit, "dialog")

    sign_in(webkit, DIALOG, "wrong")
    webkit.find(f"{DIALOG} .auth-ui-summary")
    webkit.wait_for_focus(".auth-ui-summary, .auth-ui-summary *")
    assert webkit.find(f"{DIALOG} {NAME}").get_property("value") == "ada"
    take_picture(webkit, "wrong-password")

    sign_in(webkit, DIALOG)
    webkit.find("header button", "Sign out")
    assert webkit.current_url == f"{webkit.address}/"


def test_an_ended_session_interrupts_nothing(webkit, ada):
    at_dashboard(webkit)
    webkit.find(NEW_NOTE).send_keys("Weave")
    Session.objects.all().delete()
    webkit.find("#add-note button", "Add").click()
    webkit.wait_for_focus(f"{DIALOG} {WORD}")
    take_picture(webkit, "session-ended")

    webkit.find(f"{DIALOG} {WORD}").send_keys(PASSWORD, Keys.ENTER)
    webkit.find("#notes .note-text", "Weave")
    assert webkit.find("#notice").text == "Note added."
    assert list(Note.objects.values_list("text", flat=True)) == ["Weave"]


def test_a_sign_out_in_another_tab_covers_and_a_sign_in_uncovers(webkit, ada):
    at_dashboard(webkit)
    webkit.find(NEW_NOTE).send_keys("Half a thought")
    first = webkit.current_window_handle
    webkit.switch_to.new_window("tab")
    webkit.open("/account/")
    sign_out(webkit)

    webkit.switch_to.window(first)
    webkit.find(f"{COVER} h1", "You signed out in another tab")
    ActionChains(webkit).send_keys(Keys.ESCAPE, Keys.ESCAPE, Keys.ESCAPE).perform()
    webkit.find(f"{COVER} h1", "You signed out in another tab")
    assert webkit.is_hidden("main")
    take_picture(webkit, "covered")

    webkit.find(f"{COVER} a", "Sign in").click()
    sign_in(webkit, DIALOG)
    webkit.wait(lambda webkit: not webkit.is_hidden("main"))
    assert webkit.find(NEW_NOTE).get_property("value") == "Half a thought"


def test_without_javascript(plain_webkit, ada):
    plain_webkit.open("/dashboard/")
    sign_in(plain_webkit, word="wrong")
    plain_webkit.find(".auth-ui-summary")
    take_picture(plain_webkit, "no-javascript")

    sign_in(plain_webkit)
    plain_webkit.find("h1", "Your notes")
    plain_webkit.find(NEW_NOTE).send_keys("Weave")
    Session.objects.all().delete()
    plain_webkit.find("#add-note button", "Add").click()
    plain_webkit.find(WORD).send_keys(PASSWORD, Keys.ENTER)
    take_picture(plain_webkit, "no-javascript-ended")
    plain_webkit.find("main button", "Send").click()
    plain_webkit.find("#notes .note-text", "Weave")

    sign_out(plain_webkit)
    assert plain_webkit.find_elements(By.CSS_SELECTOR, "header form") == []
