import io
import re

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import views as auth_views
from django.core.checks import Error, Warning, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import include, path, set_script_prefix
from django.views.generic import RedirectView
from django_htmx.middleware import HtmxMiddleware

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls


class OwnHtmxMiddleware(HtmxMiddleware):
    """A host's subclass, which does what the original does."""


def function_middleware(get_response):
    return get_response


class OwnLoginView(LoginView):
    pass


class WithoutAuthUi:
    urlpatterns = [path("", lambda request: HttpResponse(), name="dashboard")]


class OwnLogin:
    urlpatterns = [
        path("enter/", OwnLoginView.as_view(), name="login"),
        path("elsewhere/", lambda request: HttpResponse(), name="elsewhere"),
        path("old/", RedirectView.as_view(pattern_name="auth_ui:login")),
        path("django/", include([path("login/", auth_views.LoginView.as_view())])),
        path("app/", include("auth_ui.urls")),
        *site_urls,
    ]


class InTwoLanguages:
    urlpatterns = i18n_patterns(
        path("", include("auth_ui.urls")),
        path("", lambda request: HttpResponse(), name="dashboard"),
    )


def found():
    """Return what our checks find; Django's own are not asked, and recovery has its own tests."""
    ours = re.compile(r"auth_ui\.(?!recovery)")
    return [message for message in run_checks() if ours.match(message.id or "")]


def processors(settings, *names):
    [engine] = settings.TEMPLATES
    options = {**engine["OPTIONS"], "context_processors": list(names)}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


E001 = Error(
    "HtmxMiddleware is not in MIDDLEWARE.",
    hint="Add 'django_htmx.middleware.HtmxMiddleware' to MIDDLEWARE.",
    id="auth_ui.E001",
)
E002 = Error(
    "auth_ui's templates are not found.",
    hint="Set 'APP_DIRS': True in TEMPLATES, or add the app_directories loader.",
    id="auth_ui.E002",
)
E004 = Error(
    "auth_ui's URLs are not included.",
    hint="Add path('', include('auth_ui.urls')) to the root URLconf.",
    id="auth_ui.E004",
)
REQUEST = "django.template.context_processors.request"
AUTH = "django.contrib.auth.context_processors.auth"


def e003(name):
    return Error(
        f"The context processor '{name}' is missing.",
        hint=f"Add '{name}' to OPTIONS['context_processors'] in TEMPLATES.",
        id="auth_ui.E003",
    )


def w005(url):
    return Warning(
        f"LOGIN_URL ({url}) leads to Django's own sign-in page or to none, so auth_ui's signs "
        "nobody in.",
        hint="Set LOGIN_URL = 'auth_ui:login', or lead it to a sign-in page of yours.",
        id="auth_ui.W005",
    )


def w006(url):
    return Warning(
        f"LOGIN_REDIRECT_URL ({url}) leads to no page of this project, so a user may meet a 404 "
        "after signing in.",
        hint="Set LOGIN_REDIRECT_URL to the name of a page.",
        id="auth_ui.W006",
    )


def e021(name):
    return Error(
        f"LOGIN_REDIRECT_URL ({name}) is the name of no URL of this project, so the sign-in page "
        "ends in a NoReverseMatch.",
        hint="Set LOGIN_REDIRECT_URL to the name of a page.",
        id="auth_ui.E021",
    )


def test_nothing_is_found_in_this_site():
    assert found() == []


def test_e001_without_the_middleware(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "htmx" not in name]

    assert found() == [E001]


@pytest.mark.parametrize("name", ["OwnHtmxMiddleware", "function_middleware"])
def test_e001_counts_a_subclass_but_no_other(settings, name):
    others = [name for name in settings.MIDDLEWARE if "htmx" not in name]
    settings.MIDDLEWARE = [f"{__name__}.{name}", *others]

    assert found() == ([] if name == "OwnHtmxMiddleware" else [E001])


def test_e002_without_app_directories(settings):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "APP_DIRS": False}]

    assert found() == [E002]


def test_e002_not_with_the_loader(settings):
    [engine] = settings.TEMPLATES
    loaders = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]

    assert found() == []


@pytest.mark.parametrize(
    ("names", "missing"),
    [([AUTH], [REQUEST]), ([REQUEST], [AUTH]), ([], [REQUEST, AUTH]), ([AUTH, REQUEST], [])],
)
def test_e003_without_a_context_processor(settings, names, missing):
    processors(settings, *names)

    assert found() == [e003(name) for name in missing]


def test_e003_not_because_of_another_engine(settings):
    jinja = {"BACKEND": "django.template.backends.dummy.TemplateStrings", "APP_DIRS": True}
    settings.TEMPLATES = [*settings.TEMPLATES, jinja]

    assert found() == []


def test_e004_without_our_urls(settings):
    settings.ROOT_URLCONF = WithoutAuthUi

    assert found() == [E004]


@pytest.mark.parametrize("url", ["/accounts/login/", "no-such-name", "/django/login/"])
def test_w005_for_djangos_own_page_or_none(settings, url):
    settings.ROOT_URLCONF = OwnLogin
    settings.LOGIN_URL = url

    assert found()[0] == w005(url)


@pytest.mark.parametrize(
    "url",
    [
        "auth_ui:login",
        "/app/login/",
        "/app/login",
        "login",
        "/enter/",
        "/login/?from=app",
        "/old/",
        "elsewhere",
        "https://sso.example.com/in",
        "//sso.example.com/in",
    ],
)
def test_w005_not_for_ours_or_a_project_s(settings, url):
    settings.ROOT_URLCONF = OwnLogin
    settings.LOGIN_URL = url

    assert w005(url) not in found()


@pytest.mark.parametrize("url", ["/accounts/profile/", "/nowhere/"])
def test_w006_for_no_page(settings, url):
    settings.LOGIN_REDIRECT_URL = url

    assert found() == [w006(url)]


@pytest.mark.parametrize("name", ["no-such-name", "auth_ui:no-such-name"])
def test_e021_for_a_name_of_no_url(settings, name):
    settings.LOGIN_REDIRECT_URL = name

    assert found() == [e021(name)]


@pytest.mark.parametrize("url", ["dashboard", "/dashboard/", "/", "/dashboard/?tab=2#notes"])
def test_w006_not_for_a_page(settings, url):
    settings.LOGIN_REDIRECT_URL = url

    assert found() == []


@pytest.fixture
def prefix():
    """Serve the site below a path, as FORCE_SCRIPT_NAME or a server does."""
    set_script_prefix("/below/")
    yield
    set_script_prefix("/")


def test_a_site_below_a_prefix_is_right(prefix):
    assert found() == []


@pytest.mark.django_db
def test_the_check_command_stops_a_wrong_project(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "htmx" not in name]

    with pytest.raises(SystemCheckError, match=r"auth_ui\.E001"):
        call_command("check", stdout=io.StringIO(), stderr=io.StringIO())


@pytest.mark.parametrize("code", ["en", "de", "en-us", "de-at", "fr"])
def test_a_site_in_several_languages_is_right(settings, code):
    settings.LANGUAGE_CODE = code
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    settings.ROOT_URLCONF = InTwoLanguages

    assert found() == []
