from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from auth_ui.http.notices import notice
from auth_ui.http.visit import visit


class LockoutMiddleware:
    """Say that a sign-in was refused, whichever view tried it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        seen = visit(request)
        while seen.after_view:
            seen.after_view.pop(0)()
        refusal = seen.refusal
        if refusal is None or response.status_code == refusal.status:
            return response
        words = notice(request, "sign_in_refused", status=refusal.status, refusal=refusal)
        words.cookies = response.cookies
        return refusal.mark(words)
