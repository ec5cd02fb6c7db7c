"""How a script asks that can read no page, and how it is told what was not done."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from auth_ui.http import htmx

PERSON_HEADER = "Auth-UI-Person"
CONTENT_TYPE = "application/problem+json"
PAGE = "text/html"


def is_script(request: HttpRequest) -> bool:
    """Return True if a script asks that wants no page: a client for JSON, or a page's own `fetch`.

    It names JSON and no HTML, or the user of its page, which our script alone does, or it says
    that it navigates nowhere (`Sec-Fetch-Dest`). A client that says nothing, as curl, is no script;
    htmx asks in its own way.
    """
    if htmx.asks(request):
        return False
    if PERSON_HEADER in request.headers:
        return True
    wanted = [f"{wanted.main_type}/{wanted.sub_type}" for wanted in request.accepted_types]
    names_json = any(media_type.endswith(("/json", "+json")) for media_type in wanted)
    stays_on_page = request.headers.get("Sec-Fetch-Dest") == "empty"
    return PAGE not in wanted and (names_json or stays_on_page)


def problem(
    request: HttpRequest, name: str, *, status: int, facts: dict[str, Any], **members: Any
) -> HttpResponse:
    """Tell a script what was not done, as problem details (RFC 9457).

    Args:
        request: the request that is answered.
        name: of the notice that says it, `auth_ui/notices/<name>.html`; it is the type too.
        status: the status code.
        facts: what the notice needs to say it.
        members: more members of the answer.
    """
    context = {**facts, "shape": "auth_ui/notices/_problem.html"}
    words = render_to_string(f"auth_ui/notices/{name}.html", context, request=request)
    title, _, detail = words.strip().partition("\n")
    content = {"type": f"auth-ui:{name}", "title": title, "status": status, "detail": detail}
    response = JsonResponse({**content, **members}, status=status, content_type=CONTENT_TYPE)
    add_never_cache_headers(response)
    vary_on_reader(response)
    return response


def vary_on_reader(response: HttpResponse) -> None:
    """Keep caches from serving a script what was meant for htmx or for a page, and back."""
    htmx.vary_on_shape(response)
    patch_vary_headers(response, ("Accept", "Sec-Fetch-Dest", PERSON_HEADER))
