"""A sign-in makes a browser known, and only a sign-in; a new password makes it unknown again."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from auth_ui.continuity.known import MOST_BROWSERS, is_known
from auth_ui.lockout.models import Counter
from auth_ui.models import KnownBrowser, ParkedForm
from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import end_session, post, sign_in, tag_in

User = get_user_model()


@pytest.fixture
def known(rf):
    """Return whether a user is known in a client's browser."""

    def known(client, user):
        request = rf.get("/")
        request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
        return is_known(request, User.objects.get(pk=user.pk))

    return known


def test_strangers_leave_no_row(client, ada):
    for _ in range(50):
        stranger = Client()
        stranger.get("/login/")
        stranger.get("/dashboard/", headers=HTMX)
        stranger.post("/dashboard/notes/add/", {"text": "x"})
        stranger.post("/login/", {"username": "ada", "password": "wrong"})

    assert not KnownBrowser.objects.exists()
    assert not ParkedForm.objects.exists()


def test_a_sign_in_makes_one_row(here, ada):
    sign_in(here, "ada")

    [row] = KnownBrowser.objects.all()
    identity = here.cookies["sessionid_browser"].value
    assert (row.user, row.is_open) == (str(ada.pk), True)
    assert row.browser == hashlib.sha256(identity.encode()).hexdigest()


def test_the_identity_is_set_once(here):
    identity = here.cookies["sessionid_browser"].value
    answers = [here.get("/dashboard/"), here.get("/", headers=HTMX), post(here, "/logout/")]
    sign_in(here, "ada")

    assert ["sessionid_browser" in answer.cookies for answer in answers] == [False] * 3
    assert here.cookies["sessionid_browser"].value == identity


def test_a_sign_out_keeps_it_known(here, ada, known):
    post(here, "/logout/")

    assert known(here, ada)
    assert not KnownBrowser.objects.get().is_open


def test_nobody_else_is_known_in_it(here, grace, known):
    assert not known(here, grace)


def test_it_is_of_no_use_in_another_browser(here, ada, known):
    assert not known(Client(), ada)


def test_a_new_password_makes_every_browser_unknown(here, ada, known):
    ada.set_password("another-password-1815")
    ada.save()

    assert not known(here, ada)


@pytest.mark.parametrize("password", ["another-password-1815", None])
def test_a_hash_that_is_saved_alone_makes_every_browser_unknown(here, ada, known, password):
    """As a host changes a password, or makes it unusable, without `set_password()`."""
    ada.password = make_password(password)
    ada.save(update_fields=["password"])

    assert not known(here, ada)


def test_the_same_password_hashed_anew_keeps_every_browser_known(here, ada, known, settings):
    other = Client(enforce_csrf_checks=True)
    sign_in(other, "ada")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    sign_in(Client(enforce_csrf_checks=True), "ada")

    assert User.objects.get(pk=ada.pk).password.startswith("scrypt$")
    assert (known(here, ada), known(other, ada)) == (True, True)


def test_a_hash_that_somebody_else_writes_makes_it_unknown(here, ada, known):
    User.objects.filter(pk=ada.pk).update(password=make_password(PASSWORD))

    assert not known(here, ada)


def test_twenty_are_known_and_the_least_used_goes(ada, known):
    first, *others = clients = [Client(enforce_csrf_checks=True) for _ in range(MOST_BROWSERS)]
    for client in clients:
        sign_in(client, "ada")
    sign_in(first, "ada")  # used again, so the second is the least used now
    sign_in(one_more := Client(enforce_csrf_checks=True), "ada")

    assert KnownBrowser.objects.count() == MOST_BROWSERS
    assert [known(client, ada) for client in (first, others[0], others[1], one_more)] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("delete", [lambda user: user.delete(), lambda user: users(user).delete()])
def test_what_is_kept_of_a_user_goes_with_the_user(
    here, ada, grace, delete, django_capture_on_commit_callbacks
):
    sign_in(Client(enforce_csrf_checks=True), "grace")
    end_session(here)
    post(here, "/dashboard/notes/add/", {"text": "x"})
    for name in ("ada", "grace"):
        Client().post("/login/", {"username": name, "password": "wrong"})
    assert ParkedForm.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        delete(ada)

    users_of_counters = Counter.objects.exclude(user="").values_list("user", flat=True)
    assert set(users_of_counters) == {str(grace.pk)}

    assert [row.user for row in KnownBrowser.objects.all()] == [str(grace.pk)]
    assert not ParkedForm.objects.exists()


def users(user):
    return User.objects.filter(pk=user.pk)


def test_the_end_of_a_session_is_recorded_once_for_several_tabs(here, lines):
    end_session(here)
    lines()

    for url in ("/dashboard/", "/account/", "/dashboard/"):
        here.get(url)
        here.get(url, headers=HTMX)

    assert [line["event"] for line in lines()] == ["session_ended"]


def test_two_tabs_of_a_session_older_than_our_cookies_agree(ada):
    """As a browser restores them after the upgrade, both asked at once."""
    old = Client()
    old.force_login(ada)
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.cookies["sessionid"] = old.cookies["sessionid"].value
        tab.get("/dashboard/")

    assert tag_in(tabs[0]) == tag_in(tabs[1])
    assert len({tab.cookies["sessionid_browser"].value for tab in tabs}) == 1


def test_a_session_older_than_our_cookies_becomes_known_once(ada, known, django_assert_num_queries):
    old = Client(enforce_csrf_checks=True)
    old.force_login(ada)
    old.cookies["csrftoken"] = "o" * 32
    assert not KnownBrowser.objects.exists()

    old.get("/dashboard/")

    assert known(old, ada)
    with django_assert_num_queries(3):  # session, user, notes
        old.get("/dashboard/")


def test_a_client_that_keeps_the_session_cookie_alone_pays_once(ada, django_assert_num_queries):
    """A script, say: nothing of ours comes back, so it is not met again at each page."""
    script = Client()
    script.force_login(ada)
    session = script.cookies["sessionid"].value

    for _ in range(2):
        script.cookies.clear()
        script.cookies["sessionid"] = session
        with django_assert_num_queries(3):  # session, user, notes
            script.get("/dashboard/")

    assert not KnownBrowser.objects.exists()


def test_clean_up_forgets_browsers_of_a_year_ago_and_old_forms(here, ada, capsys):
    end_session(here)
    post(here, "/dashboard/notes/add/", {"text": "x"})
    KnownBrowser.objects.update(used_at=timezone.now() - timedelta(days=366))
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=16))

    call_command("clear_browsers")

    assert capsys.readouterr().out == "1 browser(s) and 1 form(s) deleted.\n"
    assert not KnownBrowser.objects.exists()
    assert not ParkedForm.objects.exists()


def test_what_is_kept_can_be_exported(ended, ada, capsys):
    post(ended, "/dashboard/notes/add/", {"text": "typed"})

    call_command("export_sign_ins", "ADA")

    kept = json.loads(capsys.readouterr().out)
    [browser], [form] = kept["known_browsers"], kept["parked_forms"]
    assert set(browser) == {"browser", "is_open", "by_email", "created_at", "used_at"}
    assert (form["url"], form["content"]["fields"]) == (
        "/dashboard/notes/add/",
        [["text", "typed"]],
    )


def test_nothing_is_exported_of_nobody(db):
    with pytest.raises(CommandError, match="Nobody is called bob"):
        call_command("export_sign_ins", "bob")


def test_rows_say_what_they_are(ended, ada):
    post(ended, "/dashboard/notes/add/", {"text": "typed"})

    [browser], [form] = KnownBrowser.objects.all(), ParkedForm.objects.all()
    assert (str(browser), str(form)) == (
        f"{ada.pk} ({browser.browser[:8]})",
        "/dashboard/notes/add/",
    )


def test_clean_up_keeps_what_is_in_use(here, ended):
    post(ended, "/dashboard/notes/add/", {"text": "x"})

    call_command("clear_browsers", verbosity=0)

    assert (KnownBrowser.objects.count(), ParkedForm.objects.count()) == (1, 1)
