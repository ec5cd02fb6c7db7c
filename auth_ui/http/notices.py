from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from auth_ui.http import htmx
from auth_ui.navigation.targets import page_before

HEADER = "Auth-UI"


def notice(request: HttpRequest, name: str, *, status: int, **facts: Any) -> HttpResponse:
    """Say why nothing was done, or not what was asked: as a page, or to a script.

    Args:
        request: the request that is answered.
        name: of the notice, and of its template: `auth_ui/notices/<name>.html`.
        status: the status code.
        facts: what its template needs to say it.

    Returns:
        A response that also names the notice in a header, for the script to show it.
    """
    is_partial = htmx.is_partial(request)
    # Only a script names its page's user in a header: it gets no page of whoever is signed in now.
    is_fragment = is_partial or "Auth-UI-Person" in request.headers
    shape = "auth_ui/notices/_alert.html" if is_fragment else "auth_ui/notice.html"
    here = request.get_full_path() if request.method == "GET" else page_before(request)
    context = {"shape": shape, "here": here, **facts}
    response = render(request, f"auth_ui/notices/{name}.html", context, status=status)
    response[HEADER] = name
    if is_partial:
        response["HX-Reswap"] = "none"
    add_never_cache_headers(response)
    htmx.vary_on_shape(response)
    return response
