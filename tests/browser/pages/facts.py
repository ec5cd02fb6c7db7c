"""What the host's templates know: which htmx they load, and what stands on the body."""

from django.conf import settings


def htmx(request) -> dict[str, str]:
    return {
        "htmx": settings.HOST_HTMX,
        "inherited": ":inherited" if settings.HOST_HTMX == "htmx4" else "",
        "body": settings.HOST_BODY,
    }
