"""Each private name of Django's does what we take it for, on the Django that is installed."""

from contextlib import suppress

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import connection, transaction
from django.db.models.signals import pre_save
from django.dispatch import Signal
from django.http import HttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.test import AsyncClient, Client
from django.test.client import FakePayload
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from auth_ui.http import private
from site_config.models import User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import PASSWORD, run

seen = []


def note(*facts):
    seen.append(facts[0] if len(facts) == 1 else facts)
    return HttpResponse("noted")


@login_not_required
def user(request):
    before = hasattr(request, private.USER)
    str(request.user)
    return note(before, hasattr(request, private.USER))


@login_not_required
async def async_user(request):
    before = hasattr(request, private.ASYNC_USER)
    await request.auser()
    return note(before, hasattr(request, private.ASYNC_USER))


@login_not_required
@csrf_exempt
def form(request):
    before = hasattr(request, private.READ_FORM)
    private.read_form(request)
    return note(before, hasattr(request, private.READ_FORM), dict(request.POST))


@login_not_required
def token(request):
    masked = get_token(request)
    return note(private.csrf_secret_in(masked), request.META[private.CSRF_SECRET])


@login_not_required
@csrf_protect
def brought(request):
    return note(request.META[private.CSRF_SECRET], private.passed_csrf_check(request))


@login_not_required
@csrf_exempt
def exempt(request):
    return note(private.passed_csrf_check(request))


@login_not_required
def sent(request):
    private.send_csrf_secret(request, "s" * 32)
    return note("sent")


@login_not_required
def forgotten(request):
    private.forget_csrf_secret(request)
    return note(private.csrf_secret_in(get_token(request)))


@login_not_required
@csrf_exempt
def origin(request):
    return note(private.is_from_trusted_origin(request))


@login_not_required
@csrf_exempt
def handlers(request):
    private.read_form_without_files(request)
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    return note(dict(request.POST))


@login_not_required
@csrf_exempt
@sensitive_post_parameters()
def hidden(request):
    ours = type(request)({"REQUEST_METHOD": "GET", "wsgi.input": FakePayload()})
    private.hide_form(ours)
    return note(ours.sensitive_post_parameters, request.sensitive_post_parameters)


urlpatterns = [
    *[
        path(f"{view.__name__}/", view)
        for view in (
            user,
            async_user,
            form,
            token,
            brought,
            exempt,
            sent,
            forgotten,
            origin,
            hidden,
            handlers,
        )
    ],
    *site_urls,
]


class Unreadable(FakePayload):
    def read(self, *args, **kwargs):
        raise OSError("connection reset")


@pytest.fixture(autouse=True)
def nothing_seen(settings, db):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "LoginRequired" not in path]
    seen.clear()


def test_a_looked_up_user(client):
    client.get("/user/")

    assert seen == [(False, True)]


@pytest.mark.django_db(transaction=True)
def test_a_user_whom_an_async_view_has_looked_up():
    run(AsyncClient().get("/async_user/"))

    assert seen == [(False, True)]


def test_a_form_that_was_read(client):
    client.post("/form/", {"a": "b"})

    assert seen == [(False, True, {"a": ["b"]})]


def test_a_form_that_breaks_off(client):
    client.generic(
        "POST",
        "/form/",
        b"x",
        "multipart/form-data; boundary=x",
        **{"wsgi.input": Unreadable(b"x")},
    )

    assert seen == [(False, True, {})]


def test_the_secret_in_a_token(client):
    client.get("/token/")

    [(in_token, in_meta)] = seen
    assert (len(in_meta), in_token) == (private.SECRET_LENGTH, in_meta)
    assert private.csrf_secret_in(in_meta) == in_meta
    assert [private.csrf_secret_in(text) for text in ("", "x", "é" * 32, "x" * 65)] == [""] * 4


def test_a_secret_that_is_used_passes_each_check_again(rf):
    request = rf.get("/")
    private.use_csrf_secret(request, "s" * 32)
    rotated = rf.get("/")
    private.use_csrf_secret(rotated, "s" * 32)
    rotate_token(rotated)

    assert private.csrf_secret_in(get_token(request)) == "s" * 32
    assert request.META[private.CSRF_SECRET] == "s" * 32
    assert rotated.META[private.CSRF_SECRET] != "s" * 32
    # `csrf_protect` reads the cookie again.
    brought(request)
    assert seen == [("s" * 32, True)]


def test_a_secret_that_is_sent(client):
    client.get("/sent/")

    assert client.cookies["csrftoken"].value == "s" * 32


def test_a_secret_that_is_forgotten(client):
    client.cookies["csrftoken"] = "o" * 32

    client.get("/forgotten/")

    assert seen != ["o" * 32]


def test_a_check_that_was_passed():
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "s" * 32

    client.post("/brought/", {"csrfmiddlewaretoken": "s" * 32})
    client.post("/exempt/")

    assert seen == [("s" * 32, True), False]


@pytest.mark.parametrize(
    ("sender", "is_trusted"),
    [
        ("http://testserver", True),
        ("https://testserver", False),
        ("https://friend.test", True),
        ("https://a.family.test", True),
        ("https://evil.test", False),
        ("null", False),
        ("http://[bad", False),
    ],
)
def test_a_trusted_origin(client, settings, sender, is_trusted):
    settings.CSRF_TRUSTED_ORIGINS = ["https://friend.test", "https://*.family.test"]

    client.post("/origin/", headers={"Origin": sender})

    assert seen == [is_trusted]


def test_a_hidden_form(client):
    client.post("/hidden/", {"a": "b"})

    [(ours, djangos)] = seen
    assert ours == djangos


def test_what_waits_for_the_commit():
    def kept(): ...

    def lost(): ...

    with transaction.atomic():
        transaction.on_commit(kept)
        with suppress(RuntimeError), transaction.atomic():
            transaction.on_commit(lost)
            waited = private.waits_for_commit(connection, lost)
            raise RuntimeError
        waiting = [private.waits_for_commit(connection, name) for name in (kept, lost)]

    assert (waited, waiting) == (True, [True, False])


def test_a_right_password_that_is_hashed_anew(ada, settings):
    noted = []
    receiver = lambda instance, **kwargs: noted.append(private.is_hashed_anew(instance))  # noqa: E731
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    pre_save.connect(receiver, User)

    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    changed = User.objects.get(pk=ada.pk)
    changed.set_password("new")
    changed.save(update_fields=["password"])
    by_hand = User.objects.get(pk=ada.pk)
    by_hand.password = make_password("newer")
    by_hand.save(update_fields=["password"])

    pre_save.disconnect(receiver, User)
    assert noted == [True, False, False]


def test_a_form_without_files_leaves_upload_handlers_to_the_view(client):
    client.post("/handlers/", "a=b", content_type="application/x-www-form-urlencoded")

    assert seen == [{"a": ["b"]}]


def test_a_new_password(ada):
    ada.set_password("new")
    changed = private.has_new_password(ada)
    ada.save()

    assert (changed, private.has_new_password(ada)) == (True, False)
    assert private.has_new_password(User.objects.get(pk=ada.pk)) is False


def test_who_hears_of_a_signal():
    def anonymous(**kwargs):
        pass

    signal = Signal()
    signal.connect(note, dispatch_uid="named")
    named = private.names_of_receivers(signal)
    signal.connect(anonymous)

    assert named == {"named"}
    assert len(private.names_of_receivers(signal)) == 2
