"""The only file that knows how htmx asks and how it wants to be answered."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails

SHAPE_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Request-Type")


def details(request: HttpRequest) -> HtmxDetails:
    """Return what htmx says of this request, also where an early error kept the middleware out."""
    return getattr(request, "htmx", None) or HtmxDetails(request)


def asks(request: HttpRequest) -> bool:
    """Return True if htmx asks. On Back and Forward htmx 4 says no more than that it does so."""
    htmx = details(request)
    return bool(htmx) or htmx.history_restore_request


def is_partial(request: HttpRequest) -> bool:
    """Return True if htmx asks for something to put into the page, rather than to go to another."""
    htmx = details(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def wants_fragment(request: HttpRequest) -> bool:
    """Return True if a piece of a page is asked for, rather than a whole one.

    A boosted link, Back and Forward and htmx 4's "full" requests replace the page: they get one.
    """
    return is_partial(request) and details(request).request_type != "full"


def vary_on_shape(response: HttpResponse) -> None:
    """Keep caches from serving a fragment as a page, or a page as a fragment."""
    patch_vary_headers(response, SHAPE_HEADERS)


def current_url(request: HttpRequest) -> str:
    """Return the page that the user is on, as a path with its query, or "".

    It comes from the browser: pass it through `redirects.safe_target` before it leads anywhere.
    """
    try:
        url = details(request).current_url_abs_path or ""
        urlsplit(url)
    except ValueError:  # such as "http://[bad", or "//[bad" after a host that is ours
        return ""
    return url


def announce(request: HttpRequest, response: HttpResponse, event: str) -> None:
    """Fire `event` on the element that sent this request, if htmx sent it."""
    if details(request):
        trigger_client_event(response, event)


def redirect(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn a redirect into the one that htmx follows as a full navigation.

    Args:
        request: the request that is answered.
        response: any response; only a redirect is changed, and only for htmx. Back and Forward keep
            the 302, since htmx 2 ignores `HX-Redirect` there and would show a blank page.

    Returns:
        The same response, or 200 with `HX-Redirect` and the headers and cookies of the first.
    """
    htmx = details(request)
    if not isinstance(response, HttpResponseRedirectBase) or not htmx:
        return response
    if htmx.history_restore_request:
        return response
    followed = HttpResponseClientRedirect(response.url)
    for name, value in response.items():
        if name not in ("Location", "Content-Type", "Content-Length"):
            followed[name] = value
    followed.cookies = response.cookies
    return followed
