"""Every code block of the README and the docs works as it stands there."""

import json
import re
import shlex
import tomllib

import pytest
from django.core.management import call_command

from tests.conftest import PASSWORD
from tests.documented.blocks import BLOCKS, GUESTS, PAGES, ROOT, read, written_in
from tests.documented.project import build, filled_in, projects_of, visit

LANGUAGES = {"console", "css", "html", "ini", "js", "json", "nginx", "python", "sql"}
PROJECTS = [
    pytest.param(blocks, id=f"{page}-{number}")
    for page in PAGES
    if page not in GUESTS
    for number, blocks in enumerate(projects_of(page), 1)
]
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
STYLE_RULE = re.compile(r"\s*[^@{}]+\{(\s*[\w-]+:[^:;{}]+;)+\s*\}\s*")
MEDIA = re.compile(r"@media \([^{}]+\) \{((?:[^{}]+\{[^{}]+\})+)\s*\}")
OWN_PROPERTY = re.compile(r"--auth-ui-[\w-]+")
NGINX_COMMENT = re.compile(r"#.*")
NGINX_STATEMENT = re.compile(r"\s*([a-z_0-9]+)[^;{}\n]*[;{]|\s*\}")
# Of a block that is a file of this repository, which is run as it stands.
OWN_FILE = re.compile(r"(?:#|;|--) (tests/[\w/.]+)\n")
NGINX_DIRECTIVES = {
    "client_body_timeout",
    "client_header_timeout",
    "client_max_body_size",
    "http2",
    "listen",
    "location",
    "proxy_pass",
    "proxy_set_header",
    "return",
    "server",
    "server_name",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_protocols",
}


def each(language):
    return pytest.mark.parametrize("block", written_in(language), ids=str)


def commands():
    """Return what a reader types, with the block that it stands in."""
    return [
        pytest.param(line.removeprefix("$ "), id=f"{block.page}-{line.removeprefix('$ ')[:40]}")
        for block in written_in("console")
        for line in block.text.splitlines()
    ]


def test_every_block_is_found():
    fences = [line for page in PAGES for line in read(page).splitlines() if "```" in line]

    assert len(fences) == 2 * len(BLOCKS)
    assert not [page for page in PAGES if "~~~" in read(page)]


def test_every_language_is_run():
    assert {block.language for block in BLOCKS} == LANGUAGES


def test_every_python_and_html_block_is_in_a_project():
    in_projects = {block for project in PROJECTS for block in project.values[0]}

    blocks = written_in("python") + written_in("html")
    assert {block for block in blocks if block.page not in GUESTS} <= in_projects


@pytest.mark.parametrize("blocks", PROJECTS)
def test_a_project_that_follows_the_page_works(tmp_path, blocks):
    build(tmp_path, blocks)

    answers = visit(tmp_path, blocks)

    assert set(answers.pop("rendered")) <= {True}
    assert answers.pop("tests") == [sum(block.text.count("def test_") for block in blocks), []]
    assert answers == {
        "checks": [],
        "login": [200, ["Sign in"]],
        "right": [302, "/"],
        "home": [200, ["Home"], ["ada"]],
        "dialogs": ["auth-ui-dialog", "auth-ui-cover"],
        "out": [302, True],
        "signed out": ["You are signed out"],
    }


def test_dots_stand_for_what_was_there():
    names = {"A": [1, 2]}
    exec(filled_in("A = [0, ..., 3]\nB = [A]"), names)

    assert (names["A"], names["B"]) == ([0, 1, 2, 3], [[0, 1, 2, 3]])


@each("console")
def test_a_console_shows_commands_alone(block):
    assert all(line.startswith("$ ") for line in block.text.splitlines())


@pytest.mark.parametrize("line", commands())
def test_a_command_can_be_run(line, ada, capsys, monkeypatch, settings):
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # of the browser tests
    # Django's test runner has mail sent nowhere, which its own check tells of.
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    words = shlex.split(line, comments=True)
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        check_variable(words.pop(0).partition("=")[0])
    match words:
        case ["make"]:
            pass
        case ["make", target]:
            assert target in TARGET.findall((ROOT / "Makefile").read_text())
        case ["python", "-m", "pip", "install", package]:
            check_package(package)
        case ["python", "manage.py", command, *arguments]:
            call_command(command, *arguments)
        case _:
            pytest.fail(f"{line} is no command that this test can run.")


def check_variable(name):
    assert f'"{name}"' in (ROOT / "site_config/settings.py").read_text()


def check_package(package):
    """Hold a package to what this repository can be installed as."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]

    assert package in {".", *(f".[{extra}]" for extra in extras)}


@each("css")
def test_a_style_sheet_sets_what_ours_reads(block):
    ours = (ROOT / "auth_ui/static/auth_ui/auth_ui.css").read_text()

    assert re.fullmatch(f"({STYLE_RULE.pattern})+", MEDIA.sub(r"\1", block.text))
    assert OWN_PROPERTY.findall(block.text)
    for name in OWN_PROPERTY.findall(block.text):
        assert f"var({name})" in ours


PROXIES = [block for block in written_in("nginx") if not OWN_FILE.match(block.text)]
CONFIGURATIONS = [
    *written_in("ini"),
    *written_in("sql"),
    *(block for block in written_in("nginx") if block not in PROXIES),
]
LINES = [block for block in written_in("json") if '"event"' in block.text]
PROBLEMS = [block for block in written_in("json") if block not in LINES]


@pytest.mark.parametrize("block", LINES, ids=str)
def test_a_line_is_one_that_is_written(block, client, ada, lines):
    client.post("/login/", {"username": "ada", "password": f"not {PASSWORD}"})
    [written] = lines()
    shown = json.loads(block.text)

    assert (list(shown), shown["event"]) == (list(written), written["event"])


@pytest.mark.parametrize("block", PROBLEMS, ids=str)
def test_a_problem_is_one_that_a_script_reads(block, signed_in):
    signed_in.get("/dashboard/")
    signed_in.session.flush()
    script = {"Accept": "application/json", "HX-Current-URL": "http://testserver/dashboard/"}

    assert signed_in.get("/dashboard/", headers=script).json() == json.loads(block.text)


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=str)
def test_a_configuration_is_the_one_that_is_run(block):
    assert block.text == (ROOT / OWN_FILE.match(block.text)[1]).read_text()


def test_every_configuration_that_is_run_is_shown():
    shown = {OWN_FILE.match(block.text)[1] for block in CONFIGURATIONS}
    files = {f"tests/cluster/etc/{file.name}" for file in (ROOT / "tests/cluster/etc").iterdir()}

    assert shown == files - {"tests/cluster/etc/users.txt"}


@pytest.mark.parametrize("block", PROXIES, ids=str)
def test_a_proxy_is_configured_in_words_that_nginx_has(block):
    text = NGINX_COMMENT.sub("", block.text).strip()
    statements = list(NGINX_STATEMENT.finditer(text))
    depth = 0
    for statement in statements:
        depth += statement[0].endswith("{") - statement[0].endswith("}")
        assert depth >= 0

    assert "".join(statement[0] for statement in statements) == text
    assert depth == 0
    assert {statement[1] for statement in statements} - {None} <= NGINX_DIRECTIVES
