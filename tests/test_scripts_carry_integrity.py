import base64
import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

from auth_ui.templatetags import auth_ui as tags
from tests.document import read

FILES = ["auth_ui/form.js", "auth_ui/session.js", "htmx/htmx-4.0.1.min.js"]
PAGES = ["/", "/login/", "/logout/", "/signed-out/", "/nowhere/", "/dashboard/", "/account/"]
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@pytest.fixture(autouse=True)
def fresh_digests():
    """A running process reads each file once; a test has its own files."""
    tags._digest_once.cache_clear()
    yield
    tags._digest_once.cache_clear()


@pytest.fixture
def collected(settings, tmp_path):
    """Collect the static files with hashed names, as production does but for the packing."""
    settings.STATIC_ROOT = tmp_path
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {"default": default, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def integrity(path):
    template = Template("{% load auth_ui %}{% integrity path as found %}{{ found|safe }}")
    return template.render(Context({"path": path}))


def sha384(file):
    digest = hashlib.sha384(Path(file).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", FILES)
def test_it_is_of_the_source(settings, tmp_path, path, debug):
    settings.DEBUG = debug
    settings.STATIC_ROOT = tmp_path

    assert integrity(path) == sha384(finders.find(path))


def test_it_is_of_the_collected_file(collected):
    [file] = collected.glob("auth_ui/form.????????????.js")
    file.write_bytes(b"// minified")  # what a host's storage may do while it collects

    assert integrity("auth_ui/form.js") == sha384(file)


def test_it_is_of_the_source_where_nothing_can_be_collected(settings):
    settings.STATIC_ROOT = None  # as `startproject` leaves it, and a host's own tests find it

    assert integrity("auth_ui/form.js") == sha384(finders.find("auth_ui/form.js"))


def test_it_is_of_the_changed_source_while_developing(settings, tmp_path):
    (tmp_path / "own.js").write_text("// one")
    settings.DEBUG = True
    settings.STATICFILES_DIRS = [tmp_path]
    before = integrity("own.js")

    (tmp_path / "own.js").write_text("// two")

    assert integrity("own.js") == sha384(tmp_path / "own.js") != before


@pytest.mark.parametrize(
    "url", ["https://cdn.example.com/static/", "//cdn.example.com/static/", "http://cdn.test/"]
)
def test_it_is_nothing_for_another_origin(settings, url):
    settings.STATIC_URL = url

    assert integrity("auth_ui/form.js") == ""


def test_a_script_on_another_origin_carries_none(settings, db):
    settings.STATIC_URL = "https://cdn.example.com/"

    scripts = read(Client().get("/login/")).all("script")

    ours = [script for script in scripts if "/auth_ui/" in script["src"]]
    assert [script.attrs for script in ours] == [
        {"src": f"https://cdn.example.com/auth_ui/{name}.js", "defer": ""}
        for name in ("form", "session")
    ]


def test_every_script_of_every_page_carries_it(settings, signed_in, collected):
    settings.STATIC_URL = "/static/"

    pages = [read(signed_in.get(url)) for url in PAGES]

    scripts = [element for page in pages for element in page.elements if element.tag == "script"]
    assert len(scripts) == 3 * len(PAGES)
    for script in scripts:
        file = collected / script["src"].removeprefix("/static/")
        assert script.attrs == {"src": script["src"], "integrity": sha384(file), "defer": ""}


def test_the_page_loads_at_most_two_scripts_of_ours(client):
    scripts = read(client.get("/login/")).all("script")

    assert len([script for script in scripts if "/auth_ui/" in script["src"]]) <= 2


@pytest.mark.parametrize("debug", [True, False])
def test_it_is_nothing_for_a_file_that_is_served_by_somebody_else(settings, debug):
    settings.DEBUG = debug

    assert integrity("auth_ui/no-such-file.js") == ""
