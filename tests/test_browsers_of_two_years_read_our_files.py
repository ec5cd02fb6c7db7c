"""Our files use nothing that is newer than the browsers that docs/browsers.md promises."""

import re
from pathlib import Path

import pytest

import auth_ui
from tests.documented.blocks import README, read

HERE = Path(auth_ui.__file__).parent
FILES = [
    file
    for folder in ("static", "templates")
    for file in sorted((HERE / folder).rglob("*"))
    if file.is_file()
]
COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}|^\s*//.*?$", re.DOTALL | re.MULTILINE)
NEVER = 999
# What came late, and the first Chrome, Firefox and Safari that have it. Edge is Chrome's engine.
FEATURES = {
    # syntax and objects of JavaScript
    r"\busing \w+ =|\bSuppressedError\b": (134, 141, NEVER),
    r"\bimport (defer|source)\b|\bimport\b[^;]* with \{": (123, 138, 17.2),
    r"\(\?[ims]*-?[ims]+:": (125, 132, 26),  # modifiers inside of a regular expression
    r"\bTemporal\.": (144, 139, NEVER),
    r"\bPromise\.try\(": (128, 134, 18.2),
    r"\bRegExp\.escape\(": (136, 134, 18.2),
    r"\bIterator\.|\.(values|keys|entries)\(\)\.(map|filter|find|some|toArray)\(": (122, 131, 18.4),
    r"\bMath\.(sumPrecise|f16round)\(|\bFloat16Array\b": (147, 137, 26.2),
    r"\bError\.isError\(|\bErrorOptions\b": (134, 138, 26.2),
    r"\.(toBase64|toHex|fromBase64|fromHex)\(": (140, 133, 18.2),
    r"\.getOrInsert(Computed)?\(": (145, 144, 26.2),
    r"\bIntl\.(DurationFormat|Segmenter)\b": (129, 136, 16.4),
    # objects of the page
    r"\bcookieStore\b": (87, 140, 18.4),
    r"\bnavigation\.(navigate|addEventListener|currentEntry|entries)\b": (102, 147, 26.2),
    r"\bURLPattern\b": (95, 142, 26),
    r"\bscheduler\.|\brequestIdleCallback\b": (94, 142, NEVER),
    r"\bmoveBefore\(|\bsetHTML\(|\bfetchLater\(|\bCloseWatcher\b": (135, 144, NEVER),
    r"\bduplex:|\.requestClose\(": (134, 139, 18.4),
    r"\bdocument\.(startViewTransition|caretPositionFromPoint)\(": (128, 144, 18.2),
    r"\bdocument\.prerendering\b|\bspeculationrules\b": (108, NEVER, NEVER),
    # markup
    r"\bclosedby=": (134, 141, NEVER),
    r"\bcommand(for)?=": (135, 144, 26.2),
    r"\bpopover=\"?hint|\binterestfor=": (133, NEVER, NEVER),
    r"\bblocking=\"?render": (105, NEVER, 18.2),
    # style sheets
    r"@scope\b|@function\b|@view-transition\b": (139, 146, 26),
    r"\b(anchor|position-area|position-try|anchor-name|position-anchor)\b *[:(]": (131, 147, 26),
    r"(?<![\w.-])(if|sibling-index|sibling-count|random|contrast-color|shape)\(.*\) *;": (
        147,
        148,
        26,
    ),
    r"\b(interpolate-size|corner-shape|reading-flow|field-sizing) *:": (139, NEVER, NEVER),
    r":open\b|::details-content|::scroll-button|::scroll-marker|:target-current": (135, 143, 26.2),
    r"text-box(-trim|-edge)? *:|text-wrap-style *: *pretty|text-wrap *: *pretty": (133, NEVER, 26),
    r"\bstretch\b *;|\bcalc-size\(": (138, NEVER, NEVER),
    r"@container +(style|scroll-state)\(": (133, NEVER, NEVER),
}
# Each use of these stands where a browser without it goes on.
BEHIND_A_QUESTION = {
    r"\bcookieStore\b": r"window\.cookieStore\?\.",
    # Our script keeps the cover open too, where Escape alone can close it.
    r"\bclosedby=": r'\bclosedby="none"',
}


def floor() -> tuple[float, ...]:
    """Return the oldest versions that the README names."""
    [versions] = re.findall(
        r"Chrome and Edge ([\d.]+), Firefox ([\d.]+) and Safari ([\d.]+)", read(README)
    )
    return tuple(map(float, versions))


def found(feature: str) -> list[str]:
    """Return which files use a feature where a browser without it would stumble."""
    asked = BEHIND_A_QUESTION.get(feature)
    code = {file.name: COMMENT.sub("", file.read_text()) for file in FILES}
    bare = {name: re.sub(asked, "", text) if asked else text for name, text in code.items()}
    return [name for name, text in bare.items() if re.search(feature, text)]


def test_the_features_are_newer_than_the_browsers_that_are_promised():
    old = [
        name
        for name, since in FEATURES.items()
        if all(map(float.__le__, map(float, since), floor()))
    ]

    assert old == []


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_newer_is_used(feature):
    assert found(feature) == []


def test_both_kinds_of_files_are_read():
    assert {"session.js", "form.js", "auth_ui.css", "dialog.html"} <= {file.name for file in FILES}
