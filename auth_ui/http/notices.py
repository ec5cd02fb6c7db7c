from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers

from auth_ui.http import htmx, scripts
from auth_ui.navigation.targets import page_before

HEADER = "Auth-UI"


def notice(request: HttpRequest, name: str, *, status: int, **facts: Any) -> HttpResponse:
    """Say why nothing was done, or not what was asked: as a page, to htmx, or to a script.

    Args:
        request: the request that is answered.
        name: of the notice, and of its template: `auth_ui/notices/<name>.html`.
        status: the status code.
        facts: what its template needs to say it.

    Returns:
        A response that also names the notice in a header, for the script to show it.
    """
    if scripts.is_script(request):
        response = scripts.problem(request, name, status=status, facts=facts)
    else:
        response = _rendered(request, name, status, facts)
    response[HEADER] = name
    if htmx.is_partial(request):
        response["HX-Reswap"] = "none"
    add_never_cache_headers(response)
    scripts.vary_on_reader(response)
    return response


def not_allowed(request: HttpRequest, sign_in_url: str, **facts: Any) -> HttpResponse:
    """Say that a signed-in user may not open a page, and offer to use another account.

    Args:
        request: the request that is answered.
        sign_in_url: where a sign-out leads to: the sign-in page, which leads back to that page.
        facts: what else the notice needs to say it.
    """
    default = resolve_url(settings.LOGIN_REDIRECT_URL)
    is_here = urlsplit(default).path == request.path
    facts = {"next_or_default": "" if is_here else default, "after_sign_out": sign_in_url, **facts}
    return notice(request, "not_allowed", status=403, **facts)


def _rendered(request: HttpRequest, name: str, status: int, facts: dict[str, Any]) -> HttpResponse:
    # Only a script names its page's user in a header: it gets no page of whoever is signed in now.
    is_fragment = htmx.is_partial(request) or scripts.PERSON_HEADER in request.headers
    shape = "auth_ui/notices/_alert.html" if is_fragment else "auth_ui/notice.html"
    here = request.get_full_path() if request.method == "GET" else page_before(request)
    context = {"shape": shape, "here": here, **facts}
    return render(request, f"auth_ui/notices/{name}.html", context, status=status)
