import time

# Wall time that runs on steadily from here: a clock that is set an hour forth or back under a
# running server neither opens a lock early nor keeps it shut for longer.
_STARTED = time.time() - time.monotonic()


def now() -> float:
    """Return the time in seconds since 1970, as processes and machines share it."""
    return _STARTED + time.monotonic()
