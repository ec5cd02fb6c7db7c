import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http.request import HttpHeaders
from django.urls import NoReverseMatch
from widget_tweaks.templatetags import widget_tweaks

from auth_ui.continuity import visit
from auth_ui.navigation.sign_in import login_page, sign_in_url
from auth_ui.views import LoginView

register = template.Library()

# So that a host need not list widget_tweaks among its apps.
register.tag("render_field", widget_tweaks.render_field)


@register.simple_tag(takes_context=True)
def page_facts(context: dict[str, Any]) -> dict[str, str]:
    """Return what our script needs to know of a page: whom it is for, and where its tokens are."""
    request = context.get("request")
    cookie_is_hidden = settings.CSRF_USE_SESSIONS or settings.CSRF_COOKIE_HTTPONLY
    return {
        "person": visit.user_tag(request) if request else "",
        "marker": visit.marker_cookie_name(),
        "csrf_cookie": "" if cookie_is_hidden else settings.CSRF_COOKIE_NAME,
        "csrf_header": HttpHeaders.parse_header_name(settings.CSRF_HEADER_NAME) or "",
    }


@register.simple_tag(takes_context=True)
def sign_in_page(context: dict[str, Any], target: str | None = "") -> dict[str, Any]:
    """Return the page that signs users in, and whether it is ours and can open in the dialog.

    Args:
        context: of the template.
        target: where a user goes on to.

    Returns:
        Its `url`, its `path` without the target, and `is_ours`; nothing where LOGIN_URL is the name
        of no page here.
    """
    try:
        url = sign_in_url(target)
    except NoReverseMatch:
        return {}
    is_ours = isinstance(login_page(context.get("request")), LoginView)
    return {"url": url, "path": urlsplit(url).path, "is_ours": is_ours}


@register.simple_tag
def integrity(path: str) -> str:
    """Return the subresource integrity of a static file that this server serves itself.

    Args:
        path: the file's path as `{% static %}` takes it.

    Returns:
        "sha384-..." of the very bytes that are served (the collected file, once there is one), or
        "" for files that cannot be found here, and for those on another origin, whose CORS headers
        we cannot know.
    """
    if not staticfiles_storage.url(path).startswith("/") or settings.STATIC_URL.startswith("//"):
        return ""
    return _digest(_source(path)) if settings.DEBUG else _digest_once(path)


@cache
def _digest_once(path: str) -> str:
    return _digest(_collected(path) or _source(path))


def _collected(path: str) -> Path | None:
    if not settings.STATIC_ROOT:
        return None
    stored_name = getattr(staticfiles_storage, "stored_name", str)
    collected = Path(staticfiles_storage.path(stored_name(path)))
    return collected if collected.exists() else None


def _source(path: str) -> Path | None:
    found = finders.find(path)
    return Path(found) if found else None


def _digest(file: Path | None) -> str:
    if file is None:
        return ""
    digest = hashlib.sha384(file.read_bytes()).digest()
    return "sha384-" + base64.b64encode(digest).decode()
