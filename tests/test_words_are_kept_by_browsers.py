"""What the script may have to say is one file for each language, which a browser fetches once."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.autoreload import reset_loaders
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import include, path
from django.utils.translation import override as speak
from django.utils.translation import trans_real

from auth_ui.http import words as words_module
from auth_ui.http.words import words_at
from auth_ui.navigation.targets import place
from site_config.urls import urlpatterns as site
from tests.document import read, read_words

FOR_EVER = {"public", "max-age=31536000", "immutable"}
NEVER = {"max-age=0", "no-cache", "no-store", "must-revalidate", "private"}
MOST = 1_228
NO_ANSWER = "We could not reach the server"


@login_not_required
def german(request):
    with speak("de"):
        return HttpResponse(render_to_string("auth_ui/head.html", request=request))


urlpatterns = [path("german/", german), *site]


class Below:
    """A URLconf for some requests, in which our URLs stand below another one."""

    urlpatterns = [path("account/", include(site))]


def choose_urlconf(get_response):
    def middleware(request):
        request.urlconf = Below
        return get_response(request)

    return middleware


def url_of(client, page="/"):
    return read(client.get(page)).one("meta", name="auth-ui")["data-words"]


def caching(response):
    return set(response["Cache-Control"].split(", "))


def said(document, name):
    [template] = [part for part in document.elements if part.attrs.get("id") == f"auth-ui-{name}"]
    return template.text


def test_a_page_names_its_words_and_holds_none(client):
    page = client.get("/")

    assert NO_ANSWER not in page.text
    assert "<template" not in page.text
    assert said(read_words(client), "server_error") == (
        "Something went wrong on our side Please try again in a moment."
    )


def test_a_browser_keeps_them_for_ever(client):
    response = client.get(url_of(client))

    assert (response.status_code, caching(response)) == (200, FOR_EVER)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Language"] == "en"
    assert (response.cookies, "Vary" in response) == ({}, False)


def test_nothing_in_them_is_of_a_user_or_a_page(signed_in):
    ada_s = signed_in.get(url_of(signed_in, "/dashboard/?a=b"))
    nobody_s = Client().get(url_of(Client()))

    assert ada_s.content == nobody_s.content
    assert "Ada" not in ada_s.text
    assert "csrfmiddlewaretoken" not in ada_s.text


def test_they_are_made_without_the_user_even_where_a_template_asks(signed_in, override):
    override("notices/no_answer.html", "[{{ user }}{{ request }}{{ csrf_token }}]")

    assert said(read_words(signed_in), "no_answer") == "[]"


def test_no_database_is_asked(client):
    """This test has none: to look at a session or a user would raise."""
    assert client.get(url_of(client)).status_code == 200


def test_what_comes_with_a_cookie_is_in_no_shared_cache(signed_in, settings):
    """A middleware may send a cookie along: here it is Django's, with each answer."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecurityHeaders" not in name]

    response = signed_in.get(url_of(signed_in))

    assert "sessionid" in response.cookies
    assert caching(response) == {*FOR_EVER, "private"} - {"public"}


def give_each_visitor_a_session(get_response):
    def middleware(request):
        request.session["visitor"] = "one of many"
        return get_response(request)

    return middleware


@pytest.mark.django_db
def test_what_brings_a_session_is_in_no_shared_cache(client, settings):
    """A cache could give one visitor's session to all others."""
    url = url_of(client)
    names = [name for name in settings.MIDDLEWARE if "SecurityHeaders" not in name]
    settings.MIDDLEWARE = [*names, f"{__name__}.give_each_visitor_a_session"]

    response = Client().get(url)

    assert "sessionid" in response.cookies
    assert caching(response) == {*FOR_EVER, "private"} - {"public"}


def test_other_words_have_another_url(client, override):
    before = url_of(client)
    override("notices/no_answer.html", "Nobody is there.")
    reset_loaders()

    after = url_of(client)

    assert before != after
    assert said(read_words(client), "no_answer") == "Nobody is there."


@pytest.mark.parametrize("version", ["of-another-release", "0" * 8])
def test_a_page_of_another_release_gets_the_words_of_now(client, version):
    response = client.get(f"/words/en/{version}/")

    assert response.content == client.get(url_of(client)).content
    assert (response.status_code, caching(response)) == (200, NEVER)


# As it was in the last release, when the words stood in each page.
LAST_DIALOG = """{% load auth_ui i18n %}{% page_facts as facts %}
<dialog id="auth-ui-dialog" class="auth-ui-dialog" data-person="{{ facts.person }}">
  <div id="auth-ui-dialog-body"></div>
</dialog>
{% include "auth_ui/_words.html" %}"""


def test_a_page_whose_host_includes_them_holds_them(client, override):
    override("dialog.html", LAST_DIALOG)

    assert said(read(client.get("/")), "no_answer").startswith(NO_ANSWER)


LANGUAGE = "{% load i18n %}{% get_current_language as language %}{{ language }}"


@pytest.mark.urls(__name__)
def test_a_page_has_the_words_of_its_own_language(client, override):
    override("notices/no_answer.html", LANGUAGE)

    assert said(read_words(client, "/german/"), "no_answer") == "de"
    assert said(read_words(client, "/"), "no_answer") == "en"
    assert client.get(url_of(client, "/german/"))["Content-Language"] == "de"


@pytest.mark.parametrize("language", ["xx", "1", "en_", "..", "%2e%2e", "de-aa", "EN", "en-aa-b"])
def test_there_are_none_in_a_language_that_nobody_speaks(client, language):
    assert client.get(f"/words/{language}/{'0' * 8}/").status_code == 404


def test_nobody_makes_more_catalogues_than_the_site_has_languages(client, settings):
    """Django keeps each that was made, and finds one for whatever begins with "de-"."""
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    catalogues = trans_real._translations
    before = set(catalogues)
    statuses = [client.get(f"/words/de-a{n}/1/").status_code for n in range(5)]
    statuses += [client.get(f"/words/{language}/1/").status_code for language in ("de", "sv")]

    assert statuses == [404] * 5 + [200, 404]
    assert set(catalogues) - before <= {"de", "en"}


@pytest.mark.parametrize(("spoken", "named"), [("de-at", "de"), ("sv", "en-us"), (None, "en-us")])
def test_a_page_in_another_language_than_the_site_s_has_words_too(client, settings, spoken, named):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    settings.LANGUAGE_CODE = "en-us"
    words_module._made.cache_clear()
    with speak(spoken):
        url = words_at(place()).url

    assert url.startswith(f"/words/{named}/")
    assert client.get(url).status_code == 200


def test_they_are_where_the_project_is(client):
    assert url_of(client).startswith("/words/en/")

    with override_script_prefix("/below/"):
        assert url_of(client).startswith("/below/words/en/")


def test_they_are_where_the_urlconf_of_a_request_says(client, settings):
    url_of(client)
    settings.MIDDLEWARE = [f"{__name__}.choose_urlconf", *settings.MIDDLEWARE]

    visitor = Client()  # which reads the setting anew

    url = url_of(visitor, "/account/login/")

    assert url.startswith("/account/words/en/")
    assert visitor.get(url).status_code == 200


def test_a_page_whose_urlconf_has_no_url_of_ours_names_none(rf, settings):
    settings.ROOT_URLCONF = "tests.host.no_urls"

    head = render_to_string("auth_ui/head.html", request=rf.get("/"))

    assert 'data-token-url="" data-words=""' in head


def test_they_lead_to_the_sign_in_page_of_now(client, settings):
    def links():
        return {part["href"] for part in read_words(client).elements if part.tag == "a"}

    assert links() == {"/login/?next=/"}
    settings.LOGIN_URL = "/accounts/login/"
    assert links() == {"/accounts/login/?next=/"}


@pytest.mark.parametrize("is_debug", [True, False])
def test_what_a_developer_edits_is_seen(client, settings, override, is_debug):
    """Django reads each template anew without its cache, and with it after an edit."""
    settings.DEBUG = is_debug
    [engine] = settings.TEMPLATES
    loaders = ["filesystem.Loader", "app_directories.Loader"]
    options = {"loaders": [f"django.template.loaders.{name}" for name in loaders]}
    options = {**engine["OPTIONS"], **options}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]

    for text in ("first", "second"):
        override("notices/no_answer.html", text)
        assert said(read_words(client), "no_answer") == text


def test_what_a_developer_edits_is_seen_with_djangos_cache(client, override):
    for text in ("first", "second"):
        override("notices/no_answer.html", text)
        reset_loaders()  # as runserver does when a file has changed
        assert said(read_words(client), "no_answer") == text


def test_the_includes_add_little_to_a_page(signed_in):
    """In bytes, of the HTML before it is compressed."""
    request = signed_in.get("/").wsgi_request
    includes = [
        render_to_string(f"auth_ui/{name}.html", request=request)
        for name in ("head", "account", "dialog")
    ]

    assert sum(len(html.encode()) for html in includes) <= MOST
