"""People who use the site, and others who guess passwords: so many threads, and at their pace."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import psycopg

from tests.cluster import network
from tests.cluster.site import HONEST, RIGHT, TARGETS, Site
from tests.cluster.visitors import BROKEN_OFF, SESSION, Answer, Browser

USERNAME = re.compile(r"<dt>Username</dt><dd><bdi>(.*?)</bdi>")
FEWEST_KEPT, MOST_KEPT = 40, 150  # sessions
TARGET_SECONDS = 16  # at most, that one name is guessed at
# While something is broken, and not at any other time.
ERRORS = {503, BROKEN_OFF}
# What each may be answered otherwise.
MAY_BE = {
    "sign-in page": {200},
    "sign in": {302},
    "wrong password": {200},
    "own page": {200},
    "sign out": {302},
    "ended session": {302},
    "signed out": {302},
    "sign in as its worker dies": set(),
    "sign in after deaths": {302, 429},
    "guess": {200, 429},
    "spray": {200, 429},
}


@dataclass
class Fault:
    what: str
    began: float
    ended: float


@dataclass
class Target:
    """A name that is guessed at, from one address or from many.

    Args:
        name: the name.
        addresses: from which it is guessed.
        limit: how many guesses are checked before the first wait.
        began: `time.monotonic()` when it was begun with.
        ended: when the last guess was answered.
        statuses: of the answers.
    """

    name: str
    addresses: list[str]
    limit: int
    began: float
    ended: float = 0.0
    statuses: list[int] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        seconds = time.monotonic() - self.began
        return seconds > TARGET_SECONDS or len(self.statuses) >= 2 * self.limit

    @property
    def told(self) -> int:
        """Return how many guesses an attacker has been told of."""
        return self.statuses.count(200)

    @property
    def untold(self) -> int:
        """Return how many guesses got no answer; their passwords may have been hashed."""
        return sum(status in ERRORS for status in self.statuses)

    @property
    def allowed(self) -> int:
        return allowed(self.limit, self.ended - self.began)


def allowed(limit: int, seconds: float) -> int:
    """Return how many guesses may be checked: one more after each wait, of 30 seconds at first."""
    waits, wait = 0, 30.0
    while seconds >= wait:
        waits, seconds, wait = waits + 1, seconds - wait, wait * 2
    return limit + waits


@dataclass
class Load:
    """The people, what they were answered, and what is wrong with it.

    Args:
        site: that they use.
        pace: seconds between two turns of one of them.
    """

    site: Site
    pace: float
    journal: list[Answer] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    kept: list[Browser] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    wrong_people: list[tuple[str, str]] = field(default_factory=list)
    lost_sessions: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.began = time.monotonic()
        self.sprayed = 0
        turns = {
            self.sign_in_and_stay: 2,
            self.come_back: 4,
            self.sign_out: 1,
            self.mistype: 1,
            self.meet_the_end: 1,
            self.guess: 3,
            self.spray: 1,
        }
        self.threads = [
            threading.Thread(target=self.repeat, args=(turn,))
            for turn, count in turns.items()
            for _ in range(count)
        ]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, exception_type: type | None, *exc_info: object) -> None:
        """Let everybody come to an end, and open every session that was given and not ended."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        for browser in self.kept:
            if exception_type is None:
                self.look(browser)
            browser.close()

    def repeat(self, turn: Callable[[], None]) -> None:
        while not self.stopping.wait(self.pace * random.uniform(0.5, 1.5)):
            try:
                turn()
            except Exception as error:
                self.errors.append(error)

    @contextmanager
    def fault(self, what: str) -> Iterator[None]:
        """Note when something is broken on purpose."""
        fault = Fault(what, time.monotonic(), float("inf"))
        self.faults.append(fault)
        yield
        fault.ended = time.monotonic()

    def browser_of(self, person: str, address: str = "") -> Browser:
        """Return a new browser; people have an address each."""
        address = address or network.visitor(1 + sum(person.encode()) % 90)
        return Browser(self.site.proxy.certificate, person, address, self.journal)

    def look(self, browser: Browser) -> None:
        """Open the page of one's own: it has to be there, and one's own."""
        answer = browser.get("/account/", "own page")
        if answer.status == 200 and (names := USERNAME.findall(answer.text)) != [browser.person]:
            self.wrong_people.append((browser.person, *names))
        if answer.status == 302:
            self.lost_sessions.append(browser.person)

    # What people do

    def sign_in_and_stay(self) -> None:
        browser = self.browser_of(random.choice(HONEST))
        if browser.sign_in(RIGHT).status != 302:
            browser.close()
            return
        self.look(browser)
        with self.lock:
            self.kept.append(browser)
        if len(self.kept) > MOST_KEPT:
            self.sign_out()

    @contextmanager
    def one_kept(self) -> Iterator[Browser | None]:
        """Yield a browser with a session, which nobody else has meanwhile; None where none is."""
        with self.lock:
            here = self.kept.pop(random.randrange(len(self.kept))) if self.kept else None
        yield here
        if here and SESSION in here.cookies:
            with self.lock:
                self.kept.append(here)

    def come_back(self) -> None:
        with self.one_kept() as browser:
            if browser:
                browser.get("/dashboard/", "own page")
                self.look(browser)

    def sign_out(self) -> None:
        if len(self.kept) < FEWEST_KEPT:
            return
        with self.one_kept() as browser:
            if browser is None:
                return
            if browser.post("/logout/", "sign out").status == 302:
                browser.get("/account/", "signed out")
            browser.cookies.pop(SESSION, None)  # after a 503 nobody can say
            browser.close()

    def mistype(self) -> None:
        with closing(self.browser_of(random.choice(HONEST))) as browser:
            browser.sign_in("mistyped", "wrong password")
            if browser.sign_in(RIGHT).status == 302:
                self.look(browser)
                browser.post("/logout/", "sign out")

    def meet_the_end(self) -> None:
        """Sign in, lose the session as its age would end it, and sign in again."""
        with closing(self.browser_of(random.choice(HONEST))) as browser:
            if browser.sign_in(RIGHT).status == 302 and self.end_session(browser):
                browser.get("/account/", "ended session")
                if browser.sign_in(RIGHT).status == 302:
                    self.look(browser)
                    browser.post("/logout/", "sign out")

    def end_session(self, browser: Browser) -> bool:
        statement = "DELETE FROM django_session WHERE session_key = %s"
        with suppress(psycopg.OperationalError), self.site.database.connect() as connection:
            return connection.execute(statement, [browser.cookies[SESSION]]).rowcount == 1
        return False

    # What attackers do

    def guess(self) -> None:
        target = self.current_target()
        address = random.choice(target.addresses)
        with closing(self.browser_of(target.name, address)) as browser:
            answer = browser.sign_in(f"{target.name} guess {random.random()}", "guess")
        target.statuses.append(answer.status)
        target.ended = answer.ended

    def current_target(self) -> Target:
        with self.lock:
            latest = self.targets[-1] if self.targets else None
            if latest is None or latest.is_over:
                latest = self.new_target(len(self.targets))
                self.targets.append(latest)
            return latest

    def new_target(self, number: int) -> Target:
        """Return the next name that is guessed at: somebody's or nobody's, from one or many."""
        name = f"target-{number % TARGETS}"
        if number % 4 < 2:
            address = network.visitor(101 + number % 50)
            return Target(name, [address], 5, time.monotonic())
        addresses = [network.visitor(151 + place) for place in range(90)]
        return Target(name, addresses, 20, time.monotonic())

    def spray(self) -> None:
        with closing(self.browser_of("sprayer", network.visitor(250))) as browser:
            self.sprayed += 1
            browser.sign_in(f"sprayer guess {self.sprayed}", "spray", f"sprayed-{self.sprayed}")

    # What is asked afterwards

    def not_allowed(self) -> list[Answer]:
        """Return the answers that nobody should get, faults or not."""
        return [
            answer for answer in self.journal if answer.status not in MAY_BE[answer.what] | ERRORS
        ]

    def after(self, fault: Fault) -> list[float]:
        """Return how many seconds after a fault each error came that it made, most of all."""
        later = [other.began for other in self.faults if other.began > fault.began]
        end = min(later, default=float("inf"))
        return [
            max(0.0, answer.ended - fault.ended)
            for answer in self.journal
            if answer.status in ERRORS and fault.began < answer.ended < end
        ]

    def errors_without_a_fault(self, recovers: float) -> list[Answer]:
        """Return the errors that come although nothing is broken, or was just now."""
        return [
            answer
            for answer in self.journal
            if answer.status in ERRORS
            and not any(
                answer.ended > fault.began and answer.began < fault.ended + recovers
                for fault in self.faults
            )
        ]
