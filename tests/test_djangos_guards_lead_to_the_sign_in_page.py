"""Django's decorators and mixins send to our sign-in page, and it leads back to what they guard."""

import pytest
from django.contrib.auth.decorators import (
    login_not_required,
    login_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.contrib.auth.models import Permission
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import path
from django.views.generic import View

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import PASSWORD, plain_and_htmx

ADD_NOTE = "site_config.add_note"


def guarded(request, **kwargs):
    return HttpResponse("guarded")


class Guarded(View):
    def get(self, request):
        return HttpResponse("guarded")


class Mixed(LoginRequiredMixin, Guarded):
    pass


class MixedAtTheDoor(Mixed):
    login_url = "/door/"
    redirect_field_name = "to"


class Permitted(PermissionRequiredMixin, Guarded):
    permission_required = ADD_NOTE


class OnlyAda(UserPassesTestMixin, Guarded):
    def test_func(self):
        return self.request.user.username == "ada"


class Strict(Permitted):
    raise_exception = True


def by_hand(request):
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), "/door/", "to")
    return guarded(request)


def is_ada(user):
    return user.username == "ada"


handler403 = "site_config.errors.permission_denied"
urlpatterns = [
    path("decorated/", login_required(guarded)),
    path("at-the-door/", login_required(guarded, login_url="/door/", redirect_field_name="to")),
    path("named-door/", login_required(guarded, login_url="door", redirect_field_name="to")),
    path("permission/", permission_required(ADD_NOTE)(guarded)),
    path("strict/", permission_required(ADD_NOTE, raise_exception=True)(guarded)),
    path("ada/", user_passes_test(is_ada)(guarded)),
    path("mixed/", Mixed.as_view()),
    path("mixed-at-the-door/", MixedAtTheDoor.as_view()),
    path("permitted/", Permitted.as_view()),
    path("strictly-permitted/", Strict.as_view()),
    path("tested/", OnlyAda.as_view()),
    path("by-hand/", by_hand),
    path("left-open/", login_not_required(guarded)),
    path("door/", LoginView.as_view(redirect_field_name="to"), name="door"),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

GUARDS = {
    "/decorated/": "/login/?next=",
    "/at-the-door/": "/door/?to=",
    "/named-door/": "/door/?to=",
    "/permission/": "/login/?next=",
    "/ada/": "/login/?next=",
    "/mixed/": "/login/?next=",
    "/mixed-at-the-door/": "/door/?to=",
    "/permitted/": "/login/?next=",
    "/tested/": "/login/?next=",
    "/by-hand/": "/door/?to=",
}


@pytest.fixture
def alone(settings):
    """The guards by themselves, without Django's middleware that guards all views."""
    name = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [other for other in settings.MIDDLEWARE if other != name]


@pytest.fixture
def bob(django_user_model):
    return django_user_model.objects.create_user("bob")


@pytest.fixture
def ada(ada):
    ada.user_permissions.add(Permission.objects.get(codename="add_note"))
    return ada


@pytest.mark.parametrize(("url", "login_url"), GUARDS.items())
def test_a_browser_is_sent_to_sign_in_and_back(client, ada, alone, url, login_url):
    sent = client.get(f"{url}?page=2")
    signed_in = client.post(sent["Location"], {"username": "ada", "password": PASSWORD})

    assert (sent.status_code, sent["Location"]) == (302, f"{login_url}{url}%3Fpage%3D2")
    assert (signed_in.status_code, signed_in["Location"]) == (302, f"{url}?page=2")
    assert client.get(signed_in["Location"]).content == b"guarded"


@plain_and_htmx
@pytest.mark.parametrize("url", ["/permitted/", "/tested/", "/strict/", "/strictly-permitted/"])
def test_who_is_signed_in_without_the_right_is_refused(client, bob, url, headers):
    client.force_login(bob)

    assert client.get(url, headers=headers).status_code == 403


@pytest.mark.parametrize("url", ["/permission/", "/ada/"])
def test_so_is_who_a_decorator_would_send_to_sign_in(client, bob, url):
    client.force_login(bob)

    response = client.get(url)

    assert (response.status_code, response["Auth-UI"]) == (403, "not_allowed")


@plain_and_htmx
@pytest.mark.parametrize("url", ["/strict/", "/strictly-permitted/"])
def test_a_strict_guard_refuses_strangers_too(client, alone, url, headers):
    assert client.get(url, headers=headers).status_code == 403


@plain_and_htmx
def test_login_not_required(client, headers):
    assert client.get("/left-open/", headers=headers).content == b"guarded"


@pytest.mark.parametrize(
    ("login_url", "reached"),
    [
        ("door", "/door/?"),
        ("/door/?theme=dark", "/door/?theme=dark&"),
        ("auth_ui:login", "/login/?"),
    ],
)
def test_the_projects_login_url(client, settings, alone, login_url, reached):
    settings.LOGIN_URL = login_url

    response = client.get("/decorated/")

    assert response["Location"] == f"{reached}next=/decorated/"
