"""What is known of one request, in one typed place: `request.auth_ui`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from auth_ui.http.refusals import Refusal


@dataclass(eq=False)
class Visit:
    """What was decided while a request is answered, so that nothing is decided twice.

    Args:
        looked_up: the name that was last looked up for a sign-in, and the user who has it.
        named_user: the primary key of the user whom the last attempt to sign in named, "" if it
            was nobody's.
        refusal: why the last attempt was refused, before its password was checked.
        request_id: the id of this request in the records.
        browser: the identity of the browser, "" if it has none, None before anybody asked.
        csrf_secret: the CSRF secret of this sign-in, if it was put in the place of the cookie.
        signed_in: True if somebody signed in during this request.
        signed_out: True if somebody signed out during this request.
        redirects_page: True if a redirect of the view leads the whole page on, for htmx too.
        after_view: functions to call once the view has answered.
    """

    looked_up: tuple[str, Any] | None = None
    named_user: str = ""
    refusal: "Refusal | None" = None
    request_id: str = ""
    browser: str | None = None
    csrf_secret: str = ""
    signed_in: bool = False
    signed_out: bool = False
    redirects_page: bool = False
    after_view: list[Callable[[], None]] = field(default_factory=list)


def visit(request: HttpRequest | None) -> Visit:
    """Return what is known of a request.

    Args:
        request: any request, also one that our middleware has not seen; None outside of requests.

    Returns:
        The same object all through the request; outside of one, an object that nobody keeps.
    """
    if request is None:
        return Visit()
    if not hasattr(request, "auth_ui"):
        request.auth_ui = Visit()  # type: ignore[attr-defined]
    return request.auth_ui  # type: ignore[attr-defined, no-any-return]
