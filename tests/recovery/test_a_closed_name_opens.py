"""A new password opens what wrong guesses have closed, for its own account alone."""

from django.test import Client

from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.recovery.conftest import NEW, choose


def sign_in(name, password):
    return Client().post("/login/", {"username": name, "password": password}).status_code


def test_it_opens_the_account_that_was_proven(
    client, ada, grace, link, django_capture_on_commit_callbacks
):
    for name in ("ada", "grace"):
        sign_in(name, "wrong")
    Counter.objects.filter(is_part=True).update(streak=50)
    closed = [sign_in("ada", NEW), sign_in("grace", NEW)]

    with django_capture_on_commit_callbacks(execute=True):
        choose(client, client.get(link)["Location"])

    assert closed == [429, 429]
    assert [sign_in("ada", NEW), sign_in("grace", NEW)] == [302, 429]


def test_asking_and_opening_the_link_open_nothing(client, ada, link):
    sign_in("ada", "wrong")
    Counter.objects.filter(is_part=True).update(streak=50)

    client.get(client.get(link)["Location"])

    assert sign_in("ada", NEW) == 429


def test_receivers_hear_of_it_as_of_any_new_password(client, ada, link):
    from django.db.models.signals import post_save

    heard = []

    def receive(instance, update_fields, **kwargs):
        heard.append((instance.pk, set(update_fields)))

    post_save.connect(receiver := receive, User)
    choose(client, client.get(link)["Location"])
    post_save.disconnect(receiver, User)

    assert heard == [(ada.pk, {"password"})]
