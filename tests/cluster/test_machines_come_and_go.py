"""App servers die and come back, and the database goes away, while people use the site.

`make test-cluster` runs it, with PostgreSQL alone and behind PgBouncer, there with partitions.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from tests.cluster.hashers import SECONDS as HASHING
from tests.cluster.hashers import SLOW as SLOWLY
from tests.cluster.load import Load, allowed
from tests.cluster.servers import wait_until
from tests.cluster.site import HASTY, SLOW, running

PACE = 0.4  # seconds
RECOVERS = 10  # seconds
LOCKED_OUT = 10  # seconds
AT_ONCE = 5  # sign-ins of one user: as many as a name may fail from one address


@pytest.fixture(scope="module", params=["PostgreSQL", "PgBouncer"])
def load(hosts, request):
    """The load, after all that has happened to its site."""
    with running(pooled=request.param == "PgBouncer") as site:
        load = Load(site, PACE)
        with load:
            time.sleep(5)
            for app in site.apps:
                kill_and_restart(load, app)
            for name in HASTY[:3]:
                kill_a_worker_that_hashes(load, name)
                time.sleep(2)
            stop_the_database(load)
            time.sleep(RECOVERS)
        load.locked_out = lock_somebody_out(load, HASTY[-1])
        yield load


def kill_and_restart(load, app):
    with load.fault(f"{app.name} dies"):
        app.kill()
    time.sleep(5)
    app.start()
    time.sleep(5)


def stop_the_database(load):
    with load.fault("PostgreSQL is stopped"):
        load.site.database.stop()
        time.sleep(10)
        load.site.database.start()


def hashing(site, since):
    """Return the processes that were given a slow password since then, one for each."""
    return [pid for pid, password in site.hashed()[since:] if password.startswith(SLOWLY)]


def kill_a_worker_that_hashes(load, name, sign_ins=1):
    """Kill each process that signs a user in at this moment; return when."""
    before = len(load.site.hashed())
    with ExitStack() as stack:
        together = stack.enter_context(ThreadPoolExecutor(sign_ins))
        browsers = [stack.enter_context(closing(load.browser_of(name))) for _ in range(sign_ins)]
        what = "sign in as its worker dies"
        asked = [together.submit(browser.sign_in, SLOW, what) for browser in browsers]
        wait_until(lambda: len(hashing(load.site, before)) == sign_ins, f"{name} is not hashed")
        with load.fault("workers die"):
            for pid in set(hashing(load.site, before)):
                os.kill(pid, signal.SIGKILL)
        died = time.monotonic()
    assert {future.result().status for future in asked} == {503}
    return died


def lock_somebody_out(load, name):
    """Return how long a user waits whose sign-ins have all died with their workers."""
    died = kill_a_worker_that_hashes(load, name, AT_ONCE)
    what = "sign in after deaths"
    with closing(load.browser_of(name)) as browser:
        while browser.sign_in(SLOW, what).status != 302 and time.monotonic() < died + 120:
            time.sleep(0.5)
    return time.monotonic() - died - HASHING


def test_it_was_a_load(load):
    print(f"\n{len(load.journal)} answers, {len(load.kept)} sessions at the end")
    for fault in load.faults:
        errors = load.after(fault)
        last = f", the last {max(errors):.1f} s after it" if errors else ""
        print(f"{fault.began - load.began:6.1f} s  {fault.what}: {len(errors)} errors{last}")
    print(f"locked out by dead workers for {load.locked_out:.1f} s")
    assert load.errors == []
    assert len(load.kept) > 20
    assert {answer.what for answer in load.journal if answer.status in (200, 302)}


def test_no_session_is_lost(load):
    assert load.lost_sessions == []


def test_nobody_is_signed_in_as_another_person(load):
    assert load.wrong_people == []


def test_no_limit_is_exceeded(load):
    guesses = load.site.guesses()
    seconds = time.monotonic() - load.began

    for target in load.targets:
        assert target.told <= target.allowed
        assert guesses[target.name] <= target.allowed + target.untold
    assert guesses["sprayer"] <= allowed(100, seconds)
    # And they were reached: what is not guessed at exceeds nothing.
    assert {t.limit for t in load.targets if guesses[t.name] == t.limit} == {5, 20}


def test_every_error_is_a_503_that_recovers(load):
    assert load.not_allowed() == []
    assert load.errors_without_a_fault(RECOVERS) == []
    assert all(answer.retry_after for answer in load.journal if answer.status == 503)


def test_no_two_requests_wait_for_each_other(load):
    assert "deadlock detected" not in load.site.database.log.read_text()


def test_nobody_is_locked_out_by_a_dead_worker(load):
    assert load.locked_out < LOCKED_OUT
