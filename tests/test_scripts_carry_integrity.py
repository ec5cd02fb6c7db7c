"""A script has its integrity where its URL changes with its content, and nowhere else.

A browser may keep a file for as long as it likes. Under a URL that stays, the hash of a new release
would meet the copy of the old one, and the script would not run.
"""

import base64
import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

from auth_ui.templatetags import auth_ui as tags
from tests.document import read

PAGES = ["/", "/login/", "/logout/", "/signed-out/", "/nowhere/", "/dashboard/", "/account/"]
FILES = ["auth_ui/form.js", "auth_ui/session.js", "htmx/htmx-4.0.1.min.js"]
STATICFILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
COMPRESSED = "whitenoise.storage.CompressedStaticFilesStorage"
PRODUCTION = "whitenoise.storage.CompressedManifestStaticFilesStorage"


class OfARelease(ManifestStaticFilesStorage):
    """Every name changes with the release: a file may change without it, on two servers say."""

    def hashed_name(self, name, content=None, filename=None):
        return name.replace(".", ".release-7.")


class WithoutHashes(ManifestStaticFilesStorage):
    def file_hash(self, name, content=None):
        return None


class InAFolder(StaticFilesStorage):
    def url(self, name):
        return f"/static/release-7/{name}"


class WithAQuery(StaticFilesStorage):
    def url(self, name):
        return f"/static/{name}?release=7"


class Bucket(ManifestStaticFilesStorage):
    """What is stored elsewhere has a URL and no path."""

    def url(self, name, force=False):
        return f"https://bucket.example.com/{self.stored_name(name)}?signature=x"


class BucketBehindAProxy(ManifestStaticFilesStorage):
    """A bucket at our own origin, which we cannot read."""

    def url(self, name, force=False):
        self.path = self.no_path
        return super().url(name, force)

    def no_path(self, name):
        raise NotImplementedError


@pytest.fixture(autouse=True)
def fresh_digests():
    """A running process reads each file once; a test has its own files."""
    tags._integrity_at.cache_clear()
    yield
    tags._integrity_at.cache_clear()


@pytest.fixture
def collect(settings, tmp_path):
    """Collect the static files in a storage, named by its path; return the folder."""

    def collect(storage):
        settings.STATIC_ROOT = tmp_path
        default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
        settings.STORAGES = {"default": default, "staticfiles": {"BACKEND": storage}}
        call_command("collectstatic", interactive=False, verbosity=0)
        return tmp_path

    return collect


def integrity(path):
    template = Template("{% load auth_ui %}{% integrity path as found %}{{ found|safe }}")
    return template.render(Context({"path": path}))


def sha384(file):
    digest = hashlib.sha384(Path(file).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


def own(storage):
    return pytest.param(f"{__name__}.{storage.__name__}", id=storage.__name__)


def scripts_of(response):
    return [element for element in read(response).elements if element.tag == "script"]


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("storage", [MANIFEST, PRODUCTION])
def test_it_is_of_the_file_whose_name_holds_its_hash(collect, storage, path):
    [file] = collect(storage).glob(path.replace(".js", ".????????????.js"))

    assert integrity(path) == sha384(file)


@pytest.mark.parametrize(
    "storage",
    [
        STATICFILES,
        COMPRESSED,
        *map(own, [OfARelease, WithoutHashes, InAFolder, WithAQuery, Bucket, BucketBehindAProxy]),
    ],
)
def test_it_is_nothing_at_any_other_url(collect, storage):
    collect(storage)

    assert integrity("auth_ui/form.js") == ""


def test_it_is_nothing_for_a_file_that_changed_under_its_name(collect):
    [file] = collect(MANIFEST).glob("auth_ui/form.????????????.js")
    file.write_bytes(b"// minified")

    assert integrity("auth_ui/form.js") == ""


def test_it_is_nothing_for_a_file_that_is_collected_elsewhere(collect):
    [file] = collect(MANIFEST).glob("auth_ui/form.????????????.js")
    file.unlink()

    assert integrity("auth_ui/form.js") == ""


def test_it_is_nothing_while_developing(settings, collect):
    """Django leaves the names as they are, also where nothing was collected yet."""
    collect(MANIFEST)
    settings.DEBUG = True

    assert integrity("auth_ui/form.js") == integrity("auth_ui/not-collected-yet.js") == ""


@pytest.mark.parametrize(
    "url", ["https://cdn.example.com/static/", "//cdn.example.com/static/", "http://cdn.test/"]
)
def test_it_is_nothing_for_another_origin(settings, collect, url):
    settings.STATIC_URL = url
    collect(MANIFEST)

    assert integrity("auth_ui/form.js") == ""


def test_a_script_without_it_has_no_such_attribute(settings, db):
    """So the copy of an old release runs where the browser has kept one."""
    settings.STATIC_URL = "/static/"

    ours = [
        script for script in scripts_of(Client().get("/login/")) if "/auth_ui/" in script["src"]
    ]

    assert [script.attrs for script in ours] == [
        {"src": f"/static/auth_ui/{name}.js", "defer": ""} for name in ("form", "session")
    ]


def test_every_script_of_every_page_in_production_carries_it(settings, signed_in, collect):
    settings.STATIC_URL = "/static/"
    folder = collect(PRODUCTION)

    scripts = [script for url in PAGES for script in scripts_of(signed_in.get(url))]

    assert len(scripts) == 3 * len(PAGES)
    for script in scripts:
        file = folder / script["src"].removeprefix("/static/")
        assert script.attrs == {"src": script["src"], "integrity": sha384(file), "defer": ""}


def test_the_page_loads_at_most_two_scripts_of_ours(client):
    scripts = read(client.get("/login/")).all("script")

    assert len([script for script in scripts if "/auth_ui/" in script["src"]]) <= 2
