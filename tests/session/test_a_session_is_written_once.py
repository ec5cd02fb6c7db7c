"""A sign-in writes its session once, whole, and no sign-in is written that Django does not make."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import views as auth_views
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from auth_ui.continuity.visit import SECRET
from auth_ui.http import private
from auth_ui.views import LoginView
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.conftest import BACKEND, PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.session.test_a_session_is_written_once"),
]


class AsksForMore(auth_views.LoginView):
    """A sign-in of somebody else's, which does not sign in yet."""

    def form_valid(self, form):
        self.request.session["passed"] = form.get_user().pk
        return HttpResponse("And the code?")


class InTwoSteps(LoginView, AsksForMore):
    is_second_way_in = True


class AndMore(LoginView):
    """A view of the host's that does something else before and after the sign-in."""

    is_second_way_in = True
    before = after = staticmethod(lambda request: None)

    def form_valid(self, form):
        self.before(self.request)
        response = super().form_valid(form)
        self.after(self.request)
        return response


urlpatterns = [
    path("two-steps/", InTwoSteps.as_view()),
    path("and-more/", AndMore.as_view()),
    *site,
]


@pytest.fixture
def receiver():
    """Connect functions to `user_logged_in` for the time of a test."""
    connected = []

    def connect(function):
        user_logged_in.connect(function, weak=False)
        connected.append(function)

    yield connect
    for function in connected:
        user_logged_in.disconnect(function)


@pytest.fixture
def and_more(monkeypatch):
    """Leave the view as it was."""
    monkeypatch.setattr(AndMore, "after", AndMore.__dict__["after"])


def sign_in(client, url="/login/"):
    return client.post(url, {"username": "ada", "password": PASSWORD})


def statements(client):
    """Return what a sign-in does to the table of sessions."""
    with CaptureQueriesContext(connection) as queries:
        assert sign_in(client).status_code == 302
    sql = [query["sql"] for query in queries if "django_session" in query["sql"]]
    return [statement.split()[0] for statement in sql]


def without_secret(client):
    return {name: value for name, value in client.session.items() if name != SECRET}


def test_by_one_statement(ada):
    client = Client()

    assert statements(client) == ["INSERT"]
    assert client.get("/account/").status_code == 200


def test_it_holds_what_django_s_holds(ada):
    client, stock = Client(), Client()
    sign_in(client)
    stock.force_login(ada, BACKEND)  # which calls `login()` alone

    assert client.session[SECRET] != stock.session[SECRET]
    assert without_secret(client) == without_secret(stock)


def test_its_row_is_there_for_who_hears_of_the_sign_in(ada, receiver):
    """As it is with Django's view: nobody's yet."""
    seen = []
    receiver(
        lambda request, **kwargs: seen.append(
            Session.objects.get(pk=request.session.session_key).get_decoded()
        )
    )
    sign_in(Client())

    assert seen == [{}]


def test_who_ends_all_other_sessions_leaves_it(ada, receiver):
    other, client = Client(), Client()
    sign_in(other)

    def end_others(user, **kwargs):
        for session in Session.objects.all():
            if session.get_decoded().get(SESSION_KEY) == str(user.pk):
                session.delete()

    receiver(end_others)
    sign_in(client)

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.update({"team": "weavers"}),
        lambda session: session.set_expiry(60),
        lambda session: session.cycle_key(),
    ],
    ids=["a value", "an expiry", "another key"],
)
@pytest.mark.parametrize(
    "way",
    [
        lambda receive, receiver: receiver(receive),
        lambda receive, receiver: setattr(AndMore, "after", staticmethod(receive)),
    ],
    ids=["who hears of the sign-in", "a view"],
)
@pytest.mark.usefixtures("and_more")
def test_what_somebody_else_puts_into_it_is_written_too(ada, receiver, change, way):
    client = Client()
    seen = []

    def receive(request, **kwargs):
        change(request.session)
        seen.append(request.session)

    way(receive, receiver)
    sign_in(client, "/and-more/")

    [row] = Session.objects.all()
    assert row.session_key == client.cookies["sessionid"].value
    assert row.get_decoded() == dict(seen[0].items())
    assert client.get("/account/").status_code == 200


def test_a_value_that_changes_in_its_place_is_written_too(ada, monkeypatch):
    def begin(request):
        request.session.setdefault("seen", [])

    def go_on(request):
        request.session["seen"].append("a loom")

    monkeypatch.setattr(AndMore, "before", staticmethod(begin))
    monkeypatch.setattr(AndMore, "after", staticmethod(go_on))
    client = Client()
    sign_in(client, "/and-more/")

    assert client.session["seen"] == ["a loom"]


@pytest.mark.usefixtures("and_more")
def test_a_view_that_ends_the_other_sessions_of_its_user_does_not_end_this_one(ada):
    """As a view may do since in Django's `login()` the row is nobody's until the answer."""

    def end_others(request):
        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == str(ada.pk):
                session.delete()

    AndMore.after = staticmethod(end_others)
    client = Client()
    sign_in(client, "/and-more/")

    assert client.get("/account/").status_code == 200


def test_a_sign_in_in_two_steps_writes_none_before_its_last(ada):
    client = Client()
    assert sign_in(client, "/two-steps/").text == "And the code?"

    assert dict(client.session.items()) == {"passed": ada.pk}
    assert client.get("/account/").status_code == 302


def test_a_session_with_a_key_is_left_to_django(ada):
    client = Client()
    session = client.session
    session["basket"] = ["a loom"]
    session.save()
    before = session.session_key
    sign_in(client)

    assert client.session["basket"] == ["a loom"]
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize("engine", ["cache", "cached_db", "db", "file", "signed_cookies"])
def test_with_every_engine_of_django_s(ada, settings, engine, tmp_path):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    client = Client()
    sign_in(client)

    assert client.get("/account/").status_code == 200
    client.post("/logout/")
    assert client.get("/account/").status_code == 302


class SessionStore(db.SessionStore):
    """An engine of a host's whose keys say where a session is kept."""

    def _get_new_session_key(self):
        return f"eu-{super()._get_new_session_key()}"


def test_an_engine_of_the_host_s_names_its_keys(ada, settings):
    settings.SESSION_ENGINE = __name__
    client = Client()
    sign_in(client)

    assert client.cookies["sessionid"].value.startswith("eu-")
    assert client.get("/account/").status_code == 200


def test_each_sign_in_has_a_secret_and_a_key_of_its_own(ada):
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client)

    assert len({client.session[SECRET] for client in clients}) == 2
    assert len({client.session.session_key for client in clients}) == 2


def test_a_key_that_is_taken_is_not_taken_over(ada, monkeypatch):
    owner = Client()
    sign_in(owner)
    taken = owner.session.session_key
    monkeypatch.setattr(private, "get_random_string", lambda length, chars: taken)

    with pytest.raises(CreateError):
        sign_in(Client())
    assert owner.get("/account/").status_code == 200
