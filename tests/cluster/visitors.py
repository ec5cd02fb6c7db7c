"""Browsers, each at an address of its own, and a journal of what they were answered."""

import http.client
import ssl
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from tests.cluster import network

SESSION = "__Host-sessionid"
TOKEN = "__Host-csrftoken"
BROKEN_OFF = 0  # in the place of a status: the server died as it sent the page
IDLE = 30  # seconds after which a browser connects anew, before nginx closes a connection


@dataclass(frozen=True)
class Answer:
    """What a request was answered.

    Args:
        what: kind of request it was.
        began, ended: `time.monotonic()` when it was sent, and when it was answered.
        status: of the answer, or `BROKEN_OFF`.
        retry_after: the header, None if there is none.
        text: the page.
    """

    what: str
    began: float
    ended: float
    status: int
    retry_after: str | None
    text: str = field(repr=False, compare=False)

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@lru_cache
def trust(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False  # it is asked by its address
    return context


class Browser:
    """A browser of one person.

    Args:
        certificate: of the site.
        person: the name of whoever sits at it.
        address: from which it asks.
        journal: takes every answer.
    """

    def __init__(self, certificate: Path, person: str, address: str, journal: list[Answer]) -> None:
        self.person = person
        self.journal = journal
        self.cookies: dict[str, str] = {}
        self.asked_at = 0.0
        self.connection = http.client.HTTPSConnection(
            network.PROXY,
            443,
            timeout=120,
            source_address=(address, 0),
            context=trust(certificate),
        )

    def get(self, path: str, what: str) -> Answer:
        return self._ask("GET", path, None, what)

    def post(self, path: str, what: str, **form: str) -> Answer:
        form = {"csrfmiddlewaretoken": self.cookies.get(TOKEN, ""), **form}
        return self._ask("POST", path, urlencode(form), what)

    def sign_in(self, password: str, what: str = "sign in", name: str | None = None) -> Answer:
        page = self.get("/login/", "sign-in page")
        if page.status != 200:
            return page
        return self.post("/login/", what, username=name or self.person, password=password)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None, what: str) -> Answer:
        headers = {
            "Host": "example.org",
            "Origin": "https://example.org",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.monotonic()
        if began - self.asked_at > IDLE:
            self.connection.close()
        self.asked_at = began
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        status, retry_after = response.status, response.headers["Retry-After"]
        try:
            text = response.read().decode()
        except http.client.IncompleteRead:
            self.connection.close()
            status, text = BROKEN_OFF, ""
        else:
            self._keep(response.headers.get_all("Set-Cookie") or [])
        answer = Answer(what, began, time.monotonic(), status, retry_after, text)
        self.journal.append(Answer(**{**vars(answer), "text": ""}))
        return answer

    def _keep(self, set_cookies: list[str]) -> None:
        for cookie in set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
