"""A middleware may sign a user in while a form is on its way, as Django's REMOTE_USER does.

Django checks the form's CSRF token against the cookie that came with it, so it passes. So it does
here, unless the page was another user's.
"""

import pytest
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_protect

from site_config.models import Note, User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND
from tests.session.conftest import end_session, post, token_in


@csrf_protect
def protected(request):
    return HttpResponse(request.user.get_username())


@login_not_required
def sign_in_and_go_on(request):
    login(request, User.objects.get(username="ada"), backend=BACKEND)
    return protected(request)


urlpatterns = [
    path("protected/", protected),
    path("in-and-on/", sign_in_and_go_on),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ADD = "/dashboard/notes/add/"
AS_ADA = {"REMOTE_USER": "ada"}


@pytest.fixture(autouse=True, params=["before", "behind"])
def remote_user(request, settings, ada):
    """Put Django's middleware before ours and behind it."""
    names = settings.MIDDLEWARE
    index = names.index("auth_ui.middleware.AuthUIMiddleware") + (request.param == "behind")
    remote = "django.contrib.auth.middleware.RemoteUserMiddleware"
    settings.MIDDLEWARE = [*names[:index], remote, *names[index:]]
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]


def has_new_secret(client):
    """Return True if a browser holds its session's secret, and not the one that it brought."""
    secret = client.cookies["csrftoken"].value
    return secret == client.session["auth_ui_sign_in"] != "v" * 32


def test_the_first_form_of_a_browser_is_accepted(visitor):
    visitor.cookies["csrftoken"] = "v" * 32

    response = post(visitor, ADD, {"text": "kept"}, **AS_ADA)

    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert Note.objects.get().owner.username == "ada"
    assert has_new_secret(visitor)


def test_with_csrf_use_sessions_a_page_and_its_form_go_on(visitor, settings):
    settings.CSRF_USE_SESSIONS = True
    token = token_in(visitor.get("/dashboard/", **AS_ADA))

    response = visitor.post(ADD, {"text": "kept", "csrfmiddlewaretoken": token}, **AS_ADA)

    assert (response.status_code, response["Location"]) == (302, "/dashboard/")


def test_a_view_that_checks_for_itself_accepts_it_too(visitor):
    visitor.cookies["csrftoken"] = "v" * 32

    response = post(visitor, "/protected/", **AS_ADA)

    assert (response.status_code, response.content) == (200, b"ada")
    assert has_new_secret(visitor)


def test_a_view_may_sign_in_and_hand_on_to_one_that_checks_for_itself(visitor):
    visitor.cookies["csrftoken"] = "v" * 32

    response = post(visitor, "/in-and-on/")

    assert (response.status_code, response.content) == (200, b"ada")
    assert has_new_secret(visitor)


def test_a_form_of_before_the_session_ended_is_accepted(visitor):
    visitor.get("/dashboard/", **AS_ADA)
    end_session(visitor)

    post(visitor, ADD, {"text": "kept"}, **AS_ADA)

    assert Note.objects.get().text == "kept"


def test_afterwards_only_the_new_secret_counts(visitor):
    visitor.cookies["csrftoken"] = "v" * 32
    post(visitor, ADD, {"text": "first"}, **AS_ADA)

    visitor.post(ADD, {"text": "old", "csrfmiddlewaretoken": "v" * 32}, **AS_ADA)
    post(visitor, ADD, {"text": "second"}, **AS_ADA)

    assert [note.text for note in Note.objects.order_by("pk")] == ["first", "second"]


def test_a_form_of_another_users_page_is_refused(visitor):
    User.objects.create_user("bob")
    visitor.get("/dashboard/", REMOTE_USER="bob")
    end_session(visitor)

    response = post(visitor, ADD, {"text": "of Bob"}, **AS_ADA)

    assert (response.status_code, Note.objects.count()) == (409, 0)


def test_without_a_token_nothing_is_done(visitor):
    response = visitor.post(ADD, {"text": "forged"}, **AS_ADA)

    assert (response.status_code, Note.objects.count()) == (403, 0)
