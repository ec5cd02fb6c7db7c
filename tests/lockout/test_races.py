"""No number of guesses at the same moment gets one too many, and no right sign-in is turned away.

In short; `make test-races` runs twenty trials, by threads and by processes.
"""

import pytest

from tests.lockout.races import (
    NO_GUESS_TOO_MANY,
    NOBODY_TURNED_AWAY,
    racers_on,
    right_sign_ins,
    vendors,
    wrong_guesses,
)


@pytest.mark.parametrize("vendor", vendors())
def test_race(vendor):
    with racers_on(vendor, processes=2) as racers:
        assert wrong_guesses(racers) == NO_GUESS_TOO_MANY
        assert right_sign_ins(racers) == NOBODY_TURNED_AWAY
