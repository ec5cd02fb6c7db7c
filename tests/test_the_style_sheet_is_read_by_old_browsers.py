"""The style sheet keeps pages private and readable in browsers that lack what is newer in CSS."""

import re
from pathlib import Path

import brotli

import auth_ui

FILE = Path(auth_ui.__file__).parent / "static/auth_ui/auth_ui.css"
MOST = 2_400  # bytes, as a browser gets them
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A rule, or the beginning or end of a block of rules.
PIECE = re.compile(r"\s*([^{};]+)\{([^{}]*)\}|\s*(@[^{};]+)\{|\s*\}")
CODE = COMMENT.sub("", FILE.read_text())
COVERED = "[data-auth-ui-covered]"


def rules() -> list[tuple[str, str, str]]:
    """Return the rules, each with the at-rule that it stands in, its selector and what it says."""
    found, around, end = [], "", 0
    for piece in PIECE.finditer(CODE):
        assert piece.start() == end, f"{CODE[end : piece.start()]!r} is nested"
        end = piece.end()
        selector, body, begin = piece.groups()
        if begin:
            assert around == ""
            around = begin.strip()
        elif selector:
            found.append((around, " ".join(selector.split()), body))
        else:
            around = ""
    assert CODE[end:].strip() == ""
    return found


def said(selector: str) -> str:
    [body] = [body for around, of, body in rules() if of == selector and not around]
    return " ".join(body.split())


def test_no_rule_is_nested():
    assert len(rules()) > 50
    assert "&" not in CODE


def test_what_only_newer_browsers_read_stands_apart():
    newer = re.compile(r"light-dark\(|color-mix\(")
    apart = {around for around, _, body in rules() if newer.search(body)}

    assert apart == {
        "@supports (color: light-dark(#000, #fff))",
        "@supports (color: color-mix(in srgb, #000, #fff))",
    }


def test_no_selector_is_one_that_an_old_browser_drops():
    """A browser drops a whole rule for one selector in it that it does not know."""
    assert re.findall(r":has\(|@layer|@scope|@container|@starting-style", CODE) == []


def test_every_colour_has_a_plain_value_first():
    plain, newer = (
        set(re.findall(r"(--auth-ui-[\w-]+):", body))
        for _, selector, body in rules()
        if selector == ":where(:root)"
    )

    assert newer <= plain
    assert "--auth-ui-accent" in plain  # by which our script knows that the style sheet is there


def test_the_rules_that_keep_pages_private_stand_alone():
    private = [(around, selector) for around, selector, _ in rules() if COVERED in selector]
    shown = [f"{COVERED} #auth-ui-{name}[open]" for name in ("cover", "dialog")]

    assert private == [
        ("", f"{COVERED} body, {COVERED} body *"),
        ("", ", ".join(f"{dialog}, {dialog} *" for dialog in shown)),
    ]
    assert said(private[0][1]).startswith("visibility: hidden !important;")
    assert said(private[1][1]) == "visibility: visible !important;"


def test_every_rule_of_a_part_counts_two_classes():
    """So that no reset of a host wins, whatever comes first."""
    others = {selector for _, selector, _ in rules() if not re.match(r":root[ \[]", selector)}
    others -= {selector for selector in others if COVERED in selector}

    # The last one is of an entrance.
    assert others == {":where(:root)", "from"}


def test_it_keeps_its_budget_on_the_wire_without_comments():
    assert len(brotli.compress(CODE.encode(), quality=11)) <= MOST
