"""What the script may have to say: one file for each language, which browsers keep for ever."""

import hashlib
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language, get_supported_language_variant

from auth_ui.navigation.sign_in import login_url
from auth_ui.navigation.targets import Place, own_url

TEMPLATE = "auth_ui/_words.html"


class Words(NamedTuple):
    """The words in a language, and the URL at which browsers keep them. Others have another URL."""

    content: str
    version: str
    url: str


def words_at(here: Place) -> Words:
    """Return the words in the language that is active, and their URL.

    They are made without a request, so nothing in them is of a user or of a page, and made once for
    each language, place and sign-in page. Django makes a new template whenever it reads the file
    anew, as it does while a developer edits it: then they are made anew too.
    """
    return _made(_template(), login_url(here), here)


def is_spoken(language: str) -> bool:
    """Return True if the site is in that language.

    Django's `check_for_language()` takes each of Django's own, and "de-aa" and "de-ab" for German,
    and would keep a catalogue for each of them.
    """
    return language == settings.LANGUAGE_CODE or language in dict(settings.LANGUAGES)


def _language() -> str:
    """Return the active language, or the one of the site's that comes closest."""
    active = get_language() or settings.LANGUAGE_CODE
    if is_spoken(active):
        return active
    try:
        return get_supported_language_variant(active)
    except LookupError:
        return settings.LANGUAGE_CODE


def _template() -> Any:
    template: Any = get_template(TEMPLATE)
    return template.template  # the same one until the file is read anew


@lru_cache(maxsize=100)
def _made(template: Any, login_url: str, here: Place) -> Words:
    content = render_to_string(TEMPLATE)
    version = hashlib.sha256(content.encode()).hexdigest()[:8]
    return Words(content, version, own_url("words", here, _language(), version))
