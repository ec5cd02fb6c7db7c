"""A view that signs a user in without `authenticate()` works as it does without the counter."""

import pytest
from django.apps import apps
from django.contrib.auth import BACKEND_SESSION_KEY, alogin, authenticate, get_user, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import path
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from site_config.models import User
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.conftest import BACKEND, PASSWORD

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
OTHER = "tests.lockout.some_backends.TokenBackend"
NEW = "a-new-password-1843"


@login_not_required
def sign_up(request):
    user = User.objects.create_user(request.POST["username"], password=PASSWORD)
    login(request, user)
    return HttpResponse("in")


@login_not_required
async def sign_up_asynchronously(request):
    user = await User.objects.acreate_user(request.POST["username"], password=PASSWORD)
    await alogin(request, user)
    return HttpResponse("in")


urlpatterns = [
    path("sign-up/", sign_up),
    path("sign-up-asynchronously/", sign_up_asynchronously),
    path(
        "reset/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(post_reset_login=True, success_url="/account/"),
    ),
    *site,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
with_and_without = pytest.mark.parametrize(
    "backends", [[BACKEND], [LOCKOUT, BACKEND]], ids=["without-the-counter", "with-it"]
)
with_two = pytest.mark.parametrize(
    "backends", [[BACKEND, OTHER], [LOCKOUT, BACKEND, OTHER]], ids=["without", "with"]
)


def reset_password(client, user):
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    form = client.get(f"/reset/{uid}/{default_token_generator.make_token(user)}/")["Location"]
    return client.post(form, {"new_password1": NEW, "new_password2": NEW})


@with_and_without
def test_a_new_password_signs_in(client, ada, settings, backends):
    settings.AUTHENTICATION_BACKENDS = backends

    assert reset_password(client, ada)["Location"] == "/account/"
    assert client.session[BACKEND_SESSION_KEY] == BACKEND
    assert client.get("/account/").status_code == 200


@with_and_without
@pytest.mark.parametrize("url", ["/sign-up/", "/sign-up-asynchronously/"])
def test_a_sign_up_signs_in(client, settings, backends, url):
    settings.AUTHENTICATION_BACKENDS = backends

    assert client.post(url, {"username": "ada"}).status_code == 200
    assert client.session[BACKEND_SESSION_KEY] == BACKEND
    assert client.get("/account/").status_code == 200


@with_two
def test_among_several_backends_the_host_names_one(client, ada, settings, backends):
    settings.AUTHENTICATION_BACKENDS = backends

    with pytest.raises(ValueError, match="multiple authentication backends"):
        client.post("/sign-up/", {"username": "augusta"})
    with pytest.raises(ValueError, match="multiple authentication backends"):
        reset_password(client, ada)


@pytest.mark.parametrize("named", [LOCKOUT, BACKEND, OTHER])
def test_the_one_that_it_names_is_taken(rf, client, ada, settings, named):
    settings.AUTHENTICATION_BACKENDS = [LOCKOUT, BACKEND, OTHER]
    request = rf.get("/")
    request.session = client.session
    ada.backend = named
    login(request, ada)

    assert request.session[BACKEND_SESSION_KEY] == named
    assert get_user(request) == ada


def test_a_user_names_the_one_that_checked_the_password(ada, settings):
    settings.AUTHENTICATION_BACKENDS = [LOCKOUT, OTHER, BACKEND]

    assert authenticate(username="ada", password=PASSWORD).backend == BACKEND


def test_a_model_s_own_backend_is_left_alone(monkeypatch):
    monkeypatch.setattr(User, "backend", OTHER)

    apps.get_app_config("auth_ui_lockout").ready()

    assert User.backend == OTHER
