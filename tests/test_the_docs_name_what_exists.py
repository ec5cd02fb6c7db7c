"""What the README and the docs name is there, and what is there is named in its table."""

import json
import re
import tomllib

import pytest
from django.conf import global_settings

from auth_ui.conf import SENSITIVE_FIELDS
from auth_ui.lockout.conf import DEFAULT_LIMITS
from tests.documented.blocks import PAGES, README, ROOT, prose_of, read

WORDS = 600
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([\w-]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `([\w./]+)`[^|]*\| `?([^|`]*)", re.MULTILINE)
SETTING = re.compile(r"\bAUTH_UI_[A-Z_]+\b")
READ_SETTING = re.compile(r'getattr\(settings, "(\w+)", (\(\)|\{\}|\w+)\)')
NUMBER = re.compile(r"^([A-Z_]+) = (\d+)$", re.MULTILINE)
CHECK_ID = re.compile(r'\bid="(auth_ui[\w.]*\.[EW]\d{3})"')
CHECK = re.compile(r"\bauth_ui(?:\.lockout|\.recovery)?\.[EW]\d{3}\b")
TEST = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")
MAKE = re.compile(r"`make ([a-z-]+)`")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)

# Not `page`, which is the browser's.
every_page = pytest.mark.parametrize("path", PAGES)


def rows(page):
    """Return the first two columns of a page's tables, where the first is code."""
    return dict(ROW.findall(read(page)))


def headings(file):
    """Return the headings of a page, as a link names them."""
    if file.suffix != ".md":
        return []
    titles = HEADING.findall(file.read_text())
    return ["-".join(re.findall(r"[\w-]+", title.lower())) for title in titles]


def own_settings():
    return {name: value for name, value in rows("docs/settings.md").items() if SETTING.match(name)}


def python_code():
    """Return all our Python code as one text."""
    return "\n".join(file.read_text() for file in sorted((ROOT / "auth_ui").rglob("*.py")))


def test_the_readme_is_short():
    assert len(prose_of(README).split()) < WORDS


def test_the_readme_leads_to_every_page():
    assert set(PAGES) - {README} <= {file for file, _ in LINK.findall(read(README))}


def test_the_readme_names_the_versions_that_are_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = [
        line.rpartition(" ")[2] for line in project["classifiers"] if ":: Django ::" in line
    ]

    assert re.findall(r"Django (\d\.\d)", read(README)) == sorted(versions) != []


@every_page
def test_links_lead_to_files_and_headings(path):
    missing = []
    for file, heading in LINK.findall(read(path)):
        target = (ROOT / path).parent / file
        if "://" not in file and not (target.exists() and heading in ("", *headings(target))):
            missing.append((file, heading))

    assert missing == []


@every_page
def test_what_is_made_can_be_made(path):
    assert set(MAKE.findall(read(path))) <= set(TARGET.findall((ROOT / "Makefile").read_text()))


def test_every_setting_of_ours_is_in_the_table_with_its_default():
    numbers = dict(NUMBER.findall(python_code()))
    defaults = dict(READ_SETTING.findall(python_code()))

    assert own_settings() == {name: numbers.get(of, of) for name, of in defaults.items()}


@every_page
def test_no_page_names_a_setting_of_ours_that_is_not(path):
    assert set(SETTING.findall(read(path))) <= set(own_settings())


def test_the_settings_of_django_are_django_s():
    others = set(rows("docs/settings.md")) - set(own_settings())

    assert others
    assert {name for name in others if not hasattr(global_settings, name)} == set()


def test_the_default_limits_are_those_in_the_table():
    [shown] = re.findall(r'\{"name_and_address".*?\}', read("docs/settings.md"))

    assert json.loads(shown) == DEFAULT_LIMITS


def test_the_sensitive_words_are_all_listed():
    [listed] = re.findall(r"The words are: (.+?)\.", prose_of("docs/ended-sessions.md"), re.DOTALL)

    assert tuple(re.split(r",\s+|\s+and\s+", listed)) == SENSITIVE_FIELDS


def test_every_custom_property_is_in_the_table_with_its_value():
    css = (ROOT / "auth_ui/static/auth_ui/auth_ui.css").read_text()
    [block] = re.findall(r"^:where\(:root\) \{\n(.+?)\}", css, re.MULTILINE | re.DOTALL)
    table = re.findall(r"^\| `(--[\w-]+)` \| `(.+?)` \|", read("docs/looks.md"), re.MULTILINE)

    assert table == re.findall(r"(--auth-ui-[\w-]+): (.+);", block)
    assert set(re.findall(r"var\((--auth-ui-[\w-]+)", css)) == {name for name, _ in table}


def test_every_check_is_in_the_table():
    assert set(rows("docs/checks.md")) == set(CHECK_ID.findall(python_code()))


@every_page
def test_no_page_names_a_check_that_is_not(path):
    assert set(CHECK.findall(read(path))) <= set(rows("docs/checks.md"))


def test_every_command_is_in_the_docs():
    files = (ROOT / "auth_ui").glob("**/management/commands/[a-z]*.py")
    text = "\n".join(map(read, PAGES))

    assert [file.stem for file in files if f"$ python manage.py {file.stem}" not in text] == []


def test_every_event_is_in_the_docs():
    written = re.findall(r'\brecord\(\s*"(\w+)"', python_code())
    shown = re.findall(r"^\| (`[^|]+) \|", read("docs/production.md"), re.MULTILINE)

    assert set(written) <= set(re.findall(r"`(\w+)`", " ".join(shown)))


def test_security_names_tests_that_exist():
    missing = []
    for file, name in TEST.findall(read("docs/security.md")):
        path = ROOT / "tests" / file
        if not path.exists() or (name and f"def {name}(" not in path.read_text()):
            missing.append((file, name))

    assert missing == []


def test_each_verdict_of_security_is_one_of_four():
    tables = read("docs/security.md").partition("## How the gap of old hashes is closed")[0]
    verdicts = re.findall(r"^\| .+ \| .+ \| .* \| (.+) \|$", tables, re.MULTILINE)
    known = ("verdict", "met", "partly: ", "not met", "n/a: ")

    assert verdicts
    assert [verdict for verdict in verdicts if not verdict.startswith(known)] == []


def test_rooms_and_public_modules_are_there():
    text = read("docs/architecture.md")
    [public] = re.findall(r"^Public are (.+?)\. They", text, re.MULTILINE | re.DOTALL)
    modules = [name.replace(".", "/") for name in re.findall(r"`([\w.]+)`", public)]
    rooms = [name for name in rows("docs/architecture.md") if name.startswith("auth_ui")]

    assert [name for name in modules if not (ROOT / f"auth_ui/{name}.py").exists()] == []
    assert rooms
    assert [name for name in rooms if not (ROOT / name).is_dir()] == []
