"""Mail in development: it goes to the console, and a page shows what was sent."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.core.mail.backends import console
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from site_config.try_it import only_with_debug

# The newest first, of this process.
sent: deque[EmailMessage] = deque(maxlen=20)


class EmailBackend(console.EmailBackend):
    """Django's console backend, which the page reads along with."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> Any:
        sent.extendleft(email_messages)
        return super().send_messages(email_messages)


@only_with_debug
@login_not_required
@never_cache
@require_safe
def sent_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "try_it/sent_mail.html", {"messages_sent": sent})
