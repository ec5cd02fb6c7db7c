"""What may be set, and what is counted where nothing is."""

from dataclasses import dataclass

from django.conf import settings

HOUR = 60 * 60  # seconds
DAY = 24 * HOUR

FIRST_WAIT = 30  # seconds, and twice as long after each further failure
LONGEST_WAIT = HOUR
PATIENCE = 5  # seconds that an attempt waits for others in flight
LEASE = 60  # seconds after which an attempt without an outcome counts as a failure
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
        streak: failures in a row of an account, however long ago, at which no wait opens it any
            more. They are counted in its two parts alone: see `Key.is_part`.
    """

    limit: int
    window: int
    streak: int = NEVER


DEFAULT_LIMITS = {PAIR: 5, NAME: 20, ADDRESS: 100, BROWSER: 5, STREAK: 100}


class Settings:
    @property
    def LIMITS(self) -> dict[str, int]:
        """Failures for each kind of counter; `streak` is of a whole account, in a row."""
        return {**DEFAULT_LIMITS, **getattr(settings, "AUTH_UI_LOCKOUT_LIMITS", {})}

    @property
    def CONCURRENT_SIGN_INS(self) -> int:
        """Sign-ins that one process hashes, or lets wait, at the same time: half its threads."""
        return getattr(settings, "AUTH_UI_CONCURRENT_SIGN_INS", 4)

    @property
    def POLICIES(self) -> dict[str, Policy]:
        """How each kind of counter counts.

        What an account may fail in a row has two parts, which share nothing: one for all its names
        and one for all the browsers that know it. So strangers use up the first part alone.
        """
        limits = self.LIMITS
        of_browsers = limits[STREAK] // 2
        return {
            PAIR: Policy(limits[PAIR], DAY),
            NAME: Policy(limits[NAME], DAY, limits[STREAK] - of_browsers),
            ADDRESS: Policy(limits[ADDRESS], HOUR),
            BROWSER: Policy(limits[BROWSER], DAY, of_browsers),
        }


conf = Settings()
