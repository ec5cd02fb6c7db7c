"""What templates of ours make of the same facts is made once for each process and language."""

import os
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

FOLDER = str(Path(__file__).parent.parent / "templates") + os.sep
MOST_TEXTS = 256  # a project has some ten in each language

texts: dict[tuple[Hashable, ...], SafeString] = {}


def made_once(
    context: Any,
    templates: tuple[str, ...],
    facts: tuple[Hashable, ...],
    make: Callable[[], SafeString],
) -> SafeString:
    """Return what templates make of some facts, as they made it before if they are all ours.

    One of the host's may look at anything, so it is asked each time. One that has changed while
    DEBUG is on is another one.

    Args:
        context: of a template.
        templates: the names of all that take part.
        facts: all that ours among them look at, beside the language.
        make: makes the text.
    """
    engine = context.template.engine
    found = [engine.get_template(name) for name in templates]
    if not all(template.origin.name.startswith(FOLDER) for template in found):
        return make()
    key = (get_language(), *found, *facts)
    text = texts.get(key)
    if text is None:
        text = make()
        if len(texts) >= MOST_TEXTS:
            texts.clear()
        texts[key] = text
    return text
