"""What met an ended session is sent again with all that it had, and lands where it should."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, expect_asked, sign_in_again
from tests.browser.pages.host_pages import TYPED, kept, let_answers_come, out, write
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts

FILES = [
    {"name": "one.txt", "mimeType": "text/plain", "buffer": "First, é 🎉".encode()},
    {"name": "two.txt", "mimeType": "text/plain", "buffer": b"Second"},
]


@pytest.fixture(autouse=True)
def asked(page: Page, ada, sign_in) -> list[str]:
    """Collect what the browser's own dialogs ask, and answer each."""
    sign_in(ada)
    asked = []
    page.on("dialog", lambda question: (asked.append(question.message), question.accept("Because")))
    return asked


def open_and_end(page: Page, name: str) -> None:
    page.goto(f"/pages/{name}/")
    page.evaluate("window.isSame = true")
    end_session()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@both_htmx
def test_files_and_several_values(page: Page, asked, reader):
    open_and_end(page, "files")
    write(page)
    page.get_by_label("Files").set_input_files(FILES)
    press(page, "Save")
    sign_in_again(page)
    expect(out(page)).to_have_text("BeforeKept for Ada")
    assert asked in (["Why?", "Really?"], ["Really?", "Why?"])
    assert kept() == [
        (
            "ada",
            {
                "method": "POST",
                "query": {"board": ["1", "2"]},
                "values": {
                    "text": [TYPED],
                    "tag": ["one", "two"],
                    "do": ["save"],
                    "other": ["another"],
                    "extra": ["more"],
                },
                "files": {"file": [["one.txt", "First, é 🎉"], ["two.txt", "Second"]]},
                "headers": {"HX-Prompt": "Because", "X-Mine": "mine"},
            },
        )
    ]
    assert page.evaluate("window.isSame") is True


@both_htmx
@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_row_of_a_table(page: Page, verb, reader):
    open_and_end(page, "table")
    page.get_by_label("Text 2").fill(TYPED.replace("\n", " "))
    press(page, "Save 2" if verb == "PUT" else "Delete 2")
    sign_in_again(page)
    expect(page.locator("#row-2 td").first).to_have_text("Kept for Ada")
    expect(page.locator("#rows tr")).to_have_count(3)
    expect(page.get_by_label("Text 1")).to_have_value("1")
    part = "values" if verb == "PUT" else "query"
    values = {"text": [TYPED.replace("\n", " ")], "row": ["row-2"]}
    assert kept() == [("ada", {"method": verb, part: values, "headers": {"X-Mine": "mine"}})]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_a_target_that_is_a_string(page: Page, reader):
    open_and_end(page, "table")
    press(page, "Show")
    sign_in_again(page)
    expect(out(page)).to_have_text("Found panel for Ada")
    expect(page.locator("#rows tr")).to_have_count(3)
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_a_target_swap_select_and_values(page: Page, reader):
    open_and_end(page, "table")
    press(page, "Move")
    sign_in_again(page)
    expect(out(page)).to_have_text("The rest")
    values = {"from": ["1"], "to": ["3"]}
    assert kept() == [("ada", {"method": "POST", "values": values, "headers": {"X-Mine": "mine"}})]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_an_active_search(page: Page, reader):
    open_and_end(page, "search")
    page.get_by_role("searchbox").press_sequentially("ma")
    sign_in_again(page)
    expect(out(page)).to_have_text("Found ma for Ada")
    expect(page.get_by_role("searchbox")).to_have_value("ma")


@both_htmx
def test_a_part_of_a_page(page: Page, reader):
    open_and_end(page, "parts")
    page.get_by_role("link", name="2", exact=True).click()
    sign_in_again(page)
    expect(out(page)).to_have_text("Found 2 for Ada")
    expect(page).to_have_url("/find/?q=2")
    assert page.evaluate("window.isSame") is True


@pytest.fixture
def at_controls(page: Page, asked):
    page.goto("/pages/controls/")
    page.get_by_label("Text", exact=True).evaluate("input => { input.value = 'x'; }")
    end_session()


@both_htmx
def test_a_control_that_puts_by_itself(page: Page, at_controls, reader):
    press(page, "Put")
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for AdaThe rest")
    assert kept() == [("ada", {"method": "PUT", "values": {"text": ["x"]}})]


@both_htmx
def test_a_control_that_asks_before_it_deletes(page: Page, asked, at_controls, reader):
    press(page, "Delete")
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for AdaThe rest")
    [(owner, came)] = kept()
    assert (owner, came["method"]) == ("ada", "DELETE")
    assert came["headers"] == {"HX-Prompt": "Because"}
    assert came.get("query") == ({"text": ["x"]} if reader == "htmx2" else None)
    assert asked == ["What is your answer?"]


@both_htmx
def test_keys_that_ask_by_themselves(page: Page, reader):
    open_and_end(page, "controls")
    page.get_by_label("Text", exact=True).press_sequentially("one")
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for AdaThe rest")
    expect(page.get_by_label("Text", exact=True)).to_have_value("one")
    assert kept() == [("ada", {"method": "POST", "values": {"text": ["one"]}})]


@both_htmx
def test_what_was_asked_on_hover(page: Page, reader):
    page.goto("/pages/preload/")
    page.get_by_label("Text", exact=True).click()
    end_session()
    with page.expect_response("**/find/**"):
        page.get_by_role("button", name="Details").hover()
    let_answers_come(page)
    expect(page.get_by_role("dialog")).to_have_count(0)

    press(page, "Details")
    sign_in_again(page)
    expect(out(page)).to_have_text("Found details for Ada")


@both_htmx
def test_what_a_tap_asks_for(page: Page, reader):
    """It brings the pointer and the click at once, so the one must not hide the other."""
    page.clock.install()
    page.goto("/pages/preload/")
    end_session()
    page.clock.pause_at("2100-01-01")
    press(page, "Details")
    page.clock.resume()
    sign_in_again(page)
    expect(out(page)).to_have_text("Found details for Ada")


@both_htmx
def test_pressed_twice_is_saved_as_often_as_with_a_session(page: Page, reader):
    page.goto("/pages/form/")
    end_session()
    write(page)
    posted = watch_posts(page)
    page.get_by_role("button", name="Save").dblclick()
    expect_asked(page)
    sign_in_again(page)
    expect(out(page)).to_contain_text("Kept for Ada")
    assert 1 <= len(kept()) <= 2
    assert posted.count("/login/") == 1
