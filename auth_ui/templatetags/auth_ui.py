import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import HashedFilesMixin, staticfiles_storage
from django.core.files.base import ContentFile
from django.forms import BoundField
from django.http.request import HttpHeaders
from django.utils.encoding import filepath_to_uri
from django.utils.safestring import SafeString
from widget_tweaks.templatetags import widget_tweaks

from auth_ui.accounts import users
from auth_ui.continuity import visit
from auth_ui.forms import facts_of_empty
from auth_ui.http.made_once import made_once
from auth_ui.http.words import words_at
from auth_ui.navigation import targets
from auth_ui.navigation.sign_in import login_match, sign_in_url
from auth_ui.views import LoginView, PageOrFragment

LOGIN_FIELDS = (
    "auth_ui/_login_fields.html",
    "auth_ui/_field.html",
    "auth_ui/_field_notes.html",
    "auth_ui/_classes.html",
)

register = template.Library()

# Our script knows these.
USUAL_NAMES = {
    "marker": "auth_ui_user",
    "csrf_cookie": "csrftoken",
    "csrf_header": "X-Csrftoken",
}

# So that a host need not list widget_tweaks among its apps.
register.tag("render_field", widget_tweaks.render_field)


@register.simple_tag(takes_context=True)
def page_facts(context: dict[str, Any]) -> dict[str, Any]:
    """Return what our script needs to know of a page: whom it is for, and where it asks."""
    cookie_is_hidden = settings.CSRF_USE_SESSIONS or settings.CSRF_COOKIE_HTTPONLY
    names = {
        "marker": visit.marker_cookie_name(),
        "csrf_cookie": "" if cookie_is_hidden else settings.CSRF_COOKIE_NAME,
        "csrf_header": HttpHeaders.parse_header_name(settings.CSRF_HEADER_NAME) or "",
    }
    here = targets.place()
    return {
        "person": page_person(context),
        **names,
        "has_own_names": names != USUAL_NAMES,
        "token_url": targets.own_url("token", here),
        "words_url": words_at(here).url,
        "debug": settings.DEBUG,
    }


@register.simple_tag(takes_context=True)
def page_person(context: dict[str, Any]) -> str:
    """Return the tag of the user whom a page is for, "" for nobody."""
    request = context.get("request")
    return visit.user_tag(request) if request else ""


@register.simple_tag
def own_url(name: str) -> str:
    """Return the URL of a view of ours, as `{% url %}` does with `auth_ui:` before its name."""
    return targets.own_url(name, targets.place())


@register.simple_tag(takes_context=True)
def classes(context: Any, part: str) -> str:
    """Return the CSS classes of a part, which stand in `_classes.html`.

    Args:
        part: "button", "primary" (the button that goes on), or for a `field` "input" or
            "wrong_input".
    """
    name = "auth_ui/_classes.html"
    return made_once(context, (name,), (part,), lambda: _words(context, name, part=part))


@register.simple_tag(takes_context=True)
def shown_name(context: Any) -> str:
    """Return the name of `user` as `_name.html` shows it, to stand in a sentence."""
    return _words(context, "auth_ui/_name.html")


@register.simple_tag(takes_context=True)
def login_fields(context: Any) -> SafeString:
    """Return the fields and buttons of the sign-in form, as `_login_fields.html` shows them."""

    def make() -> SafeString:
        return _rendered(context, LOGIN_FIELDS[0])

    facts = facts_of_empty(context["form"])
    if facts is None:
        return make()
    whereabouts = (targets.place(), context.get("password_reset_url"))
    return made_once(context, LOGIN_FIELDS, (*whereabouts, *facts), make)


def _words(context: Any, template: str, **values: str) -> SafeString:
    return SafeString(" ".join(_rendered(context, template, **values).split()))


def _rendered(context: Any, template: str, **values: Any) -> SafeString:
    with context.push(**values):
        rendered: SafeString = context.template.engine.get_template(template).render(context)
    return rendered


@register.filter
def short_name(user: Any) -> str:
    """Return what to call a user, "" where only a UUID could be shown."""
    return users.short_name(user)


@register.filter
def add_class(field: BoundField, classes: str) -> BoundField:
    """Return a form field whose input has these CSS classes too."""
    return widget_tweaks.append_attr(field, f"class:{classes}") if classes else field


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
    url = sign_in_url(target)
    if not url:
        return {}
    is_ours = issubclass(targets.view_class(login_match(context.get("request"))), LoginView)
    return {"url": url, "path": urlsplit(url).path, "is_ours": is_ours}


@register.filter
def has_card(url: str) -> bool:
    """Return True if a page of ours is at a URL, which can be a card in the dialog too."""
    return issubclass(targets.view_class(targets.match_at(url)), PageOrFragment)


@register.simple_tag
def static_file(path: str) -> dict[str, str]:
    """Return the `url` of a static file, and its `integrity`, as `{% integrity %}` gives it."""
    url = staticfiles_storage.url(path)
    return {"url": url, "integrity": _integrity(url, path)}


@register.simple_tag
def integrity(path: str) -> str:
    """Return the subresource integrity of a static file whose URL changes with its content.

    A browser may keep a file for as long as it likes. Under a plain URL a new hash would meet an
    old copy, and the file would not run.

    Args:
        path: the file's path as `{% static %}` takes it.

    Returns:
        "sha384-..." of the very bytes that are served, or "" for a URL without their hash, for
        files that cannot be read here, and for those on another origin, whose CORS headers we
        cannot know.
    """
    return _integrity(staticfiles_storage.url(path), path)


def _integrity(url: str, path: str) -> str:
    is_here = url.startswith("/") and not url.startswith("//")
    is_plain = url.endswith(f"/{filepath_to_uri(path)}")
    return _integrity_at(url, path) if is_here and not is_plain else ""


@cache
def _integrity_at(url: str, path: str) -> str:
    if not isinstance(staticfiles_storage, HashedFilesMixin):
        return ""
    try:
        content = Path(staticfiles_storage.path(staticfiles_storage.stored_name(path))).read_bytes()
    except (NotImplementedError, OSError):  # it is kept elsewhere
        return ""
    # Of the content, and not of a release, or of what the file was before it was minified.
    content_hash = staticfiles_storage.file_hash(path, ContentFile(content))
    if not content_hash or content_hash not in url:
        return ""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
