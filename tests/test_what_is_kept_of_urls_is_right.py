"""Where our pages and the sign-in page are is found once, and anew where anything else decides."""

import pytest
from django.contrib.auth.views import redirect_to_login
from django.test.utils import override_script_prefix
from django.urls import path, reverse_lazy
from django.utils.crypto import salted_hmac
from django.utils.translation import override as speak
from django.views.generic import RedirectView

from auth_ui.continuity import visit
from auth_ui.navigation.sign_in import login_page, sign_in_url
from auth_ui.navigation.targets import own_url, place
from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site

urlpatterns = [path("front-door/", RedirectView.as_view(url="/login/")), *site]
TARGETS = ["/", "/?a=b&c=d", "/dashboard/?q=%C3%A9#part", "/a b/ü", "https://example.com/a", ""]


@pytest.mark.parametrize(
    "login_url",
    [
        "/login/",
        "/login/?by=name",
        "/login/?next=/old/&by=name",
        "/login/#form",
        "//other.test/in/",
    ],
)
@pytest.mark.parametrize("target", TARGETS)
def test_a_sign_in_url_is_the_one_that_django_makes(settings, login_url, target):
    settings.LOGIN_URL = login_url

    field_name = "next" if target else None
    assert sign_in_url(target) == redirect_to_login(target, login_url, field_name).url


def test_another_setting_counts_at_once(settings):
    assert sign_in_url() == "/login/"
    settings.LOGIN_URL = "/in/"
    assert sign_in_url() == "/in/"


@pytest.mark.parametrize("name", ["no_such_name", reverse_lazy("no_such_name"), None, ""])
def test_a_name_of_no_page_leads_nowhere(settings, name):
    settings.LOGIN_URL = name

    assert (sign_in_url("/a/"), login_page(None)) == ("", None)


def test_below_a_prefix_the_urls_stand_below_it():
    assert own_url("logout", place()) == "/logout/"
    with override_script_prefix("/shop/"):
        assert (sign_in_url(), own_url("logout", place())) == ("/shop/login/", "/shop/logout/")
        assert isinstance(login_page(None), LoginView)


@pytest.mark.urls("tests.host.translated_urls")
def test_in_another_language_the_urls_are_those_of_that_language():
    for language in ("de", "fr", "de"):
        with speak(language):
            assert sign_in_url("/a/") == f"/{language}/login/?next=/a/"
            assert isinstance(login_page(None), LoginView)


def test_another_urlconf_is_asked_anew(settings):
    settings.LOGIN_URL = "/front-door/"
    assert login_page(None) is None
    settings.ROOT_URLCONF = __name__
    assert isinstance(login_page(None), LoginView)


@pytest.mark.parametrize("key", ["text", b"bytes"])
def test_our_digests_are_those_of_django(settings, key):
    """So a page and a cookie of an older release stay what they were."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "now", [key]

    assert visit.hmacs("tag", "browser:ü") == [
        salted_hmac(
            "auth_ui.person.tag", "browser:ü", secret=secret, algorithm="sha256"
        ).hexdigest()[:24]
        for secret in ("now", key)
    ]
