"""A sign-in that was refused before anybody looked at its password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone

TOO_MANY = "too_many"
CLOSED = "closed"
BUSY = "busy"
UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Refusal:
    """Why a sign-in was refused.

    Args:
        reason: `TOO_MANY` wrong passwords for now, or so many that the name is `CLOSED`; too many
            sign-ins at once (`BUSY`), or nothing to count them with (`UNREACHABLE`).
        seconds: until it is worth another try, None where time does not help.
    """

    reason: str
    seconds: int | None

    @property
    def status(self) -> int:
        """Return 429 where it is this visitor's doing (RFC 6585), 503 where it is ours."""
        return 429 if self.reason in (TOO_MANY, CLOSED) else 503

    @property
    def until(self) -> datetime:
        """Return when it is worth another try, as the time of day on a user's screen."""
        # Rounded up, as the screen shows no fractions of a second.
        later = timezone.now() + timedelta(seconds=self.seconds or 0, milliseconds=999)
        return later.replace(microsecond=0)

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Give a response its status and headers."""
        response.status_code = self.status
        if self.seconds is not None:
            response["Retry-After"] = str(self.seconds)
        return response
