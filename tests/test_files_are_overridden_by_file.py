from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import auth_ui
from tests.conftest import HTMX
from tests.document import read, read_words

APP = Path(auth_ui.__file__).parent
FOLDER = APP / "templates" / "auth_ui"
# Those that only an interrupted request, or a refused guess, brings up are found in the same way.
INTERRUPTED = {
    "_login_elsewhere.html",
    "_notice.html",
    "_parked_form.html",
    "_send_again.html",
    "_send_again_title.html",
    "notice.html",
    "notices/_alert.html",
    "notices/_problem.html",
    "notices/sign_in_needed.html",
    "same_site.html",
    "send_again.html",
}
REFUSED = {"notices/_summary.html"}
# Its words stand in attributes: see test_classes_come_from_one_file.py.
CLASSES = {"_classes.html"}
TEMPLATES = sorted(
    {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.html")}
    - INTERRUPTED
    - REFUSED
    - CLASSES
)
STATIC = sorted(file.name for file in (APP / "static" / "auth_ui").iterdir())

# For each template a request whose answer it is part of: method, URL, signed in or not. "words" is
# for those that the script of a page fetches.
USED_BY = {
    "_card.html": ("get", "/login/", False),
    "_error_summary.html": ("post", "/login/", False),
    "_field.html": ("get", "/login/", False),
    "_field_notes.html": ("get", "/login/", False),
    "_login.html": ("get", "/login/", False),
    "_login_fields.html": ("get", "/login/", False),
    "_login_form.html": ("get", "/login/", False),
    "_login_reason.html": ("get", "/login/", False),
    "_login_title.html": ("get", "/login/", False),
    "_logout.html": ("get", "/logout/", False),
    "_name.html": ("get", "/", True),
    "_resume.html": ("get", "/resume/", True),
    "_resume_title.html": ("get", "/resume/", True),
    "_sign_in_link.html": ("get", "/", False),
    "_sign_out_button.html": ("get", "/", True),
    "_signed_in.html": ("get", "/login/", True),
    "_signed_out.html": ("get", "/signed-out/", False),
    "_signed_out_title.html": ("get", "/signed-out/", False),
    "_words.html": ("words", "/", False),
    "account.html": ("get", "/", False),
    "base.html": ("get", "/login/", False),
    "dialog.html": ("get", "/", False),
    "head.html": ("get", "/", False),
    "login.html": ("get", "/login/", False),
    "logout.html": ("get", "/logout/", False),
    "notices/_cover.html": ("words", "/", False),
    "notices/_sentence.html": ("words", "/", False),
    "notices/_trouble.html": ("words", "/", False),
    "notices/no_answer.html": ("words", "/", False),
    "notices/no_cookies.html": ("words", "/", False),
    "notices/not_accepted.html": ("words", "/", False),
    "notices/not_allowed.html": ("words", "/", False),
    "notices/not_saved.html": ("words", "/", False),
    "notices/refused.html": ("words", "/", False),
    "notices/server_error.html": ("words", "/", False),
    "notices/session_lost.html": ("words", "/", False),
    "notices/sign_in_refused.html": ("words", "/", False),
    "notices/signed_out.html": ("words", "/", False),
    "notices/someone_else.html": ("words", "/", False),
    "notices/too_many_requests.html": ("words", "/", False),
    "notices/try_again.html": ("words", "/", False),
    "notices/unknown.html": ("words", "/", False),
    "resume.html": ("get", "/resume/", True),
    "signed_out.html": ("get", "/signed-out/", False),
    "slots/below_form.html": ("get", "/login/", False),
    "slots/brand.html": ("get", "/login/", False),
    "slots/destination.html": ("get", "/login/", False),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template(client, ada, override, name):
    method, url, signed_in = USED_BY[name]
    override(name, "<i>the host's own</i>")
    if signed_in:
        client.force_login(ada)

    is_said = method == "words"
    document = read_words(client, url) if is_said else read(getattr(client, method)(url))

    assert any(
        element.text == "the host's own" for element in document.elements if element.tag == "i"
    )


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("_login.html", "/login/"),
        ("_logout.html", "/logout/"),
        ("_signed_out.html", "/signed-out/"),
    ],
)
def test_the_fragments(client, db, override, name, url):
    override(name, "<i>the host's own</i>")

    response = client.get(url, headers=HTMX)

    assert response.content == b"<i>the host's own</i>"


@pytest.mark.parametrize("url", ["/login/", "/logout/", "/signed-out/"])
def test_every_page_extends_one(client, db, override, url):
    override("base.html", "<p>{% block title %}{% endblock %}</p>{% block content %}{% endblock %}")

    document = read(client.get(url))

    assert document.elements[0].tag == "p"
    assert len(document.all("section", class_="auth-ui-card")) == 1
    assert document.all("html") == []


@pytest.mark.parametrize("url", ["/login/", "/logout/", "/signed-out/"])
def test_our_own_base_is_a_whole_page(client, db, settings, url):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": []}]

    document = read(client.get(url))

    assert document.is_page
    assert (document.one("html")["lang"], document.one("html")["dir"]) == ("en", "ltr")
    assert len(document.all("main")) == len(document.all("title")) == 1


@pytest.mark.parametrize("name", STATIC)
def test_every_static_file(settings, tmp_path, name):
    (tmp_path / "auth_ui").mkdir()
    (tmp_path / "auth_ui" / name).write_text("/* the host's own */")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.WHITENOISE_USE_FINDERS = True

    response = Client().get(f"/static/auth_ui/{name}")

    assert b"".join(response.streaming_content) == b"/* the host's own */"


def test_by_an_app_that_comes_before_ours(client, settings, tmp_path, monkeypatch):
    for name in ("templates/auth_ui/_signed_out_title.html", "static/auth_ui/auth_ui.css"):
        file = tmp_path / "shop" / name
        file.parent.mkdir(parents=True)
        file.write_text("the shop's own")
    (tmp_path / "shop" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.INSTALLED_APPS = ["shop", *settings.INSTALLED_APPS]

    assert read(client.get("/signed-out/")).texts("h1") == ["the shop's own"]
    assert finders.find("auth_ui/auth_ui.css") == str(tmp_path / "shop/static/auth_ui/auth_ui.css")
