"""A page may show HTML of its users: nothing in it makes our script serve another site."""

import pytest
from playwright.sync_api import Page, expect

ELSEWHERE = "http://elsewhere.test/"
HOSTILE = '<section id="auth-ui-login"><script>window.isTaken = true</script></section>'
ANYBODY_MAY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "*",
    "Content-Type": "text/html",
}
OURS = {"auth-ui-person", "hx-current-url", "hx-request"}
LINK = '<a data-auth-ui="open" href="{url}">More</a>'
FORM = (
    '<div id="auth-ui-login"><form data-auth-ui-inline method="post" action="{url}">'
    "<button>More</button></form></div>"
)


@pytest.fixture(autouse=True)
def at_page(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/public/#part")


def follow(page: Page, html: str, url: str) -> None:
    place = page.locator("#elsewhere")
    place.evaluate("(place, html) => { place.innerHTML = html; }", html.format(url=url))
    place.get_by_text("More").click()


@pytest.mark.parametrize("html", [LINK, FORM], ids=["a link", "a form"])
def test_another_site_is_gone_to_as_the_browser_does(page: Page, html):
    asked = []

    def answer(route):
        asked.append(OURS & set(route.request.headers))
        route.fulfill(body=HOSTILE, headers=ANYBODY_MAY)

    page.context.route(f"{ELSEWHERE}**", answer)
    follow(page, html, ELSEWHERE)
    expect(page).to_have_url(ELSEWHERE)
    assert asked == [set()]


@pytest.mark.parametrize(
    "kind",
    [{"Content-Type": "text/plain"}, {"Content-Disposition": "attachment"}],
    ids=["another type", "an attachment"],
)
@pytest.mark.parametrize("html", [LINK, FORM], ids=["a link", "a form"])
def test_a_file_is_no_part_of_the_page(page: Page, html, kind):
    headers = {"Content-Type": "text/html", **kind}
    page.context.route("**/a-file", lambda route: route.fulfill(body=HOSTILE, headers=headers))
    follow(page, html, "/a-file")
    expect(page.get_by_text("The server did not accept this")).to_be_visible()
    assert page.evaluate("window.isTaken") is None
