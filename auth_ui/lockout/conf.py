"""How long, how often: the numbers of the counters, as they are where nothing is set."""

from dataclasses import dataclass

HOUR = 60 * 60  # seconds
DAY = 24 * HOUR

FIRST_WAIT = 30  # seconds, and twice as long after each further failure
LONGEST_WAIT = HOUR
PATIENCE = 5  # seconds that an attempt waits for others in flight
LEASE = 8  # seconds after which an attempt without an outcome counts as a failure
SPRAYING = 20  # names that one address has failed at in an hour: recorded, and at each doubling
SHARES = 5  # addresses at least that it takes to close a name
NEVER = 2**31 - 1

PAIR = "name_and_address"
NAME = "name"
ADDRESS = "address"
BROWSER = "browser"
STREAK = "streak"


@dataclass(frozen=True)
class Policy:
    """How one kind of counter counts.

    Args:
        limit: failures after which every further one makes a user wait.
        window: seconds after which counting begins anew, from the first failure on.
        streak: failures in a row, however long ago, at which no wait opens it any more. They are
            counted where `Key.counts_in_a_row`.
    """

    limit: int
    window: int
    streak: int = NEVER


DEFAULT_LIMITS = {PAIR: 5, NAME: 20, ADDRESS: 100, BROWSER: 5, STREAK: 100}
