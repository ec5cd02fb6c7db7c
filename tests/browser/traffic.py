"""What goes between the browser and the server, watched and held up."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Route


def hold(page: Page, url: str) -> list[Route]:
    """Keep requests from the server. They wait in the list for `continue_()` or `abort()`."""
    held: list[Route] = []
    page.route(url, lambda route: held.append(route))
    return held


def hold_posts(page: Page) -> list[Route]:
    """Keep only what is posted from the server."""
    held: list[Route] = []

    def decide(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", decide)
    return held


def watch_posts(page: Page) -> list[str]:
    """Collect the paths that the page posts to from now on."""
    paths: list[str] = []

    def note(request) -> None:
        if request.method == "POST":
            paths.append(urlsplit(request.url).path)

    page.on("request", note)
    return paths


def one_post(page: Page):
    """Wait, in a `with` block, until something is posted."""
    return page.expect_request(lambda request: request.method == "POST")


def expect_held(page: Page, held: list[Route], *paths: str) -> None:
    """Expect that exactly these paths are held, in this order, once they have come."""
    for _ in range(1_500):
        if len(held) >= len(paths):
            break
        page.wait_for_timeout(10)  # in which Playwright hands the requests over
    assert [urlsplit(route.request.url).path for route in held] == list(paths)
