"""The recipe of docs/streams.md: a stream lives as long as the session of its user, and ends then.

Under uvicorn, with streams that are open while the session ends.
"""

import re
from contextlib import closing
from http.cookiejar import CookieJar
from itertools import islice
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.documented.serve import PASSWORD
from tests.documented.streams import project  # noqa: F401

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
ADA, GRACE = 1, 2
TIMEOUT = 60  # seconds
MOST = 100  # events after the end: a stream that sends so many does not end


class Visitor:
    def __init__(self, url):
        self.url = url
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def open(self, path, form=None):
        body = urlencode(form).encode() if form else None
        return self.opener.open(self.url + path, body, timeout=TIMEOUT)

    def post(self, path, **form):
        [token, *_] = TOKEN.findall(self.open("/login/").read().decode())
        return self.open(path, {**form, "csrfmiddlewaretoken": token})

    def sign_in(self, name):
        self.post("/login/", username=name, password=PASSWORD)

    def events(self, user):
        """Yield the server-sent events of a user's stream, as their names and data."""
        name = "message"
        with self.open(f"/news/{user}/") as stream:
            for line in stream:
                field, _, value = line.decode().strip().partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, value

    def socket(self, user, origin=None):
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        return connect(
            f"{self.url.replace('http', 'ws')}/news/{user}/",
            additional_headers={"Cookie": cookies},
            origin=origin or self.url,
            proxy=None,
        )


def hear(socket):
    for _ in range(MOST):
        socket.recv(TIMEOUT)


def by_its_age(visitor, data):
    data("UPDATE django_session SET expire_date = '2000-01-01 00:00:00'")


def by_staff(visitor, data):
    data("DELETE FROM django_session")


def with_its_account(visitor, data):
    data("UPDATE auth_user SET is_active = 0 WHERE username = 'ada'")


def by_a_new_password(visitor, data):
    data("UPDATE auth_user SET password = 'changed' WHERE username = 'ada'")


def by_a_sign_out(visitor, data):
    visitor.post("/logout/")


def by_another_sign_in(visitor, data):
    visitor.sign_in("grace")


every_end = pytest.mark.parametrize(
    "end",
    [
        by_its_age,
        by_staff,
        with_its_account,
        by_a_new_password,
        by_a_sign_out,
        by_another_sign_in,
    ],
)


@pytest.fixture
def data(project):  # noqa: F811
    """Change the data behind the server's back; grace's password is ada's too."""
    project.change(
        "UPDATE auth_user SET is_active = 1,"
        " password = (SELECT password FROM auth_user WHERE username = 'grace')"
    )
    return project.change


@pytest.fixture
def visitor(project, data):  # noqa: F811
    visitor = Visitor(project.url)
    visitor.sign_in("ada")
    return visitor


@every_end
def test_events(visitor, data, end):
    events = visitor.events(ADA)
    before = [next(events), next(events)]

    end(visitor, data)

    assert [(name, value.partition(" ")[0]) for name, value in before] == [("message", "ada")] * 2
    *rest, last = islice(events, MOST)
    assert {name for name, _ in rest} <= {"message"}
    assert last == ("ended", "ended")


@every_end
def test_a_websocket(visitor, data, end):
    with visitor.socket(ADA) as socket:
        socket.send("a message that is read")
        before = [socket.recv(TIMEOUT).partition(" ")[0] for _ in range(3)]

        end(visitor, data)

        with pytest.raises(ConnectionClosed) as closed:
            hear(socket)

    assert before == ["ada"] * 3
    assert closed.value.rcvd.code == 4401


def test_events_are_for_the_user_whom_the_url_names(visitor):
    visitor.sign_in("grace")

    with pytest.raises(HTTPError) as refused:
        visitor.open(f"/news/{ADA}/")

    refused.value.close()
    assert refused.value.code == 403
    with closing(visitor.events(GRACE)) as events:
        assert next(events)[1].startswith("grace at ")


def test_a_websocket_is_for_the_user_whom_the_url_names(visitor):
    visitor.sign_in("grace")

    with pytest.raises(InvalidStatus) as refused:
        visitor.socket(ADA)

    assert refused.value.response.status_code == 403
    with visitor.socket(GRACE) as socket:
        assert socket.recv(TIMEOUT).startswith("grace at ")


@pytest.mark.parametrize("user", [ADA, None])
def test_a_websocket_is_for_nobody_who_is_not_signed_in(project, user):  # noqa: F811
    with pytest.raises(InvalidStatus) as refused:
        Visitor(project.url).socket(user)

    assert refused.value.response.status_code == 403


def test_a_websocket_is_not_for_another_site(visitor):
    with pytest.raises(InvalidStatus) as refused:
        visitor.socket(ADA, origin="https://evil.example")

    assert refused.value.response.status_code == 403


def test_nobody_gets_events(project):  # noqa: F811
    with Visitor(project.url).open(f"/news/{ADA}/") as response:
        assert "sign in" in response.read().decode().lower()
        assert response.headers["Content-Type"].startswith("text/html")
