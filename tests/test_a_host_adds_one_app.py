import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.document import Document
from tests.host import settings

ROOT = Path(__file__).parent.parent
shapes = pytest.mark.parametrize("shape", ["plain", "htmx"])


@pytest.fixture(scope="module")
def visit():
    """Run the host in a process of its own, since its user model is another one."""
    command = [sys.executable, "-W", "error", "-m", "tests.host.visit"]
    environ = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": settings.__name__}
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert run.stderr == ""
    return json.loads(run.stdout)


def test_it_is_django_s_own_in_everything_else(visit):
    assert visit["user"] == "auth.User"
    assert visit["models"] == ["auth_ui.KnownBrowser", "auth_ui.ParkedForm"]
    assert visit["checks"] == []
    assert not {"widget_tweaks", "django_htmx"} & set(settings.INSTALLED_APPS)


def test_plain_names_may_stand_beside_ours(visit):
    assert visit["names"] == ["/login/", "/logout/"] * 2


@shapes
def test_the_three_includes_make_a_page(visit, shape):
    document = Document(visit[f"{shape} home"]["text"])

    assert len(document.all("script", defer="")) == 2
    assert document.one("a", data_auth_ui="open")["href"] == "/login/?next=/"
    assert [dialog["id"] for dialog in document.all("dialog")] == [
        "auth-ui-dialog",
        "auth-ui-cover",
    ]


@shapes
def test_the_form_is_a_page_or_a_fragment(visit, shape):
    document = Document(visit[f"{shape} login"]["text"])

    assert document.is_page == (shape == "plain")
    assert document.texts("label") == ["Username", "Password"]
    assert document.texts("title") == ["Sign in"] * document.is_page


@shapes
def test_a_wrong_password_gets_django_s_words(visit, shape):
    document = Document(visit[f"{shape} wrong"]["text"])

    assert document.texts("li") == [
        "Please enter a correct username and password. Note that both fields may be case-sensitive."
    ]


def test_a_right_one_leads_on(visit):
    assert visit["plain right"] == {"status": 302, "Location": "/", "text": ""}
    assert visit["htmx right"] == {"status": 200, "HX-Redirect": "/", "text": ""}


@shapes
def test_the_page_names_the_person(visit, shape):
    document = Document(visit[f"{shape} home, signed in"]["text"])

    assert document.texts("bdi", class_="auth-ui-name") == ["ada"]
    assert document.texts("form", action="/logout/") == ["Sign out"]


@shapes
def test_sign_out_needs_post(visit, shape):
    assert visit[f"{shape} logout"]["status"] == 405
    assert "You are still signed in as <strong><bdi>ada" in visit[f"{shape} logout"]["text"]


def test_sign_out_leads_to_its_page(visit):
    assert visit["plain signed out"] == {"status": 302, "Location": "/signed-out/", "text": ""}
    assert visit["htmx signed out"] == {"status": 200, "HX-Redirect": "/signed-out/", "text": ""}


@shapes
def test_which_tells_the_truth(visit, shape):
    document = Document(visit[f"{shape} after"]["text"])

    assert document.texts("h1") == ["You are signed out"]
