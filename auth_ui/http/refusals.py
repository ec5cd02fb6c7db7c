"""A sign-in that was refused before anybody looked at its password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from auth_ui.continuity.visit import visit_of

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

    @classmethod
    def of(cls, request: HttpRequest | None) -> "Refusal | None":
        """Return why the sign-in of this request was refused, None if it was not."""
        return visit_of(request).refusal

    def note(self, request: HttpRequest | None) -> None:
        """Note it on a request, for whoever answers that."""
        visit_of(request).refusal = self

    @staticmethod
    def forget(request: HttpRequest | None) -> None:
        """Forget what an earlier attempt of the same view was refused for."""
        visit_of(request).refusal = None

    @property
    def status(self) -> int:
        """Return 429 where it is this visitor's doing (RFC 6585), 503 where it is ours."""
        return 429 if self.reason in (TOO_MANY, CLOSED) else 503

    @property
    def until(self) -> datetime:
        """Return when it is worth another try, as the time of day on a person's screen."""
        # Rounded up, as the screen shows no fractions of a second.
        later = timezone.now() + timedelta(seconds=self.seconds or 0, milliseconds=999)
        return later.replace(microsecond=0)

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Give a response its status and headers."""
        response.status_code = self.status
        if self.seconds is not None:
            response["Retry-After"] = str(self.seconds)
        return response
