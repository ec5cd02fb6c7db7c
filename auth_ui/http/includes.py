"""While DEBUG is on, tell a developer of pages that lack our includes, or have half of them."""

import logging
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("auth_ui.includes")

INCLUDES = {
    "auth_ui/head.html": b'name="auth-ui"',
    "auth_ui/dialog.html": b'id="auth-ui-dialog"',
}


def look_for_includes(request: HttpRequest, response: HttpResponse) -> None:
    """Log once of each view whose page lacks an include, so that nothing covers the page.

    Args:
        request: of a user who is signed in.
        response: what the view has answered.
    """
    match = request.resolver_match
    is_page = (
        settings.DEBUG
        and response.status_code == 200
        and response.get("Content-Type", "").startswith("text/html")
        and not response.streaming
        and b"</html>" in response.content
    )
    # Django's admin has pages of its own, which work as they are.
    if not is_page or match is None or "admin" in match.app_names:
        return
    missing = [name for name, mark in INCLUDES.items() if mark not in response.content]
    if missing:
        _tell(match.view_name, " and ".join(missing))


@cache
def _tell(view: str, missing: str) -> None:
    logger.warning(
        "A page of %s has no %s, so nothing covers it when its user signs out in another tab.",
        view,
        missing,
    )
