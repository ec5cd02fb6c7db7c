import re

import django
import pytest
from django.core import mail
from django.core.management import call_command

LINK = re.compile(r"https?://\S+")
NEW = "a whole new password"


@pytest.fixture
def mail_goes_by(settings):
    """Let mail go out by a backend, by whichever setting this Django reads."""

    def use(path):
        settings.MAILERS = {"default": {"BACKEND": path}}
        if django.VERSION < (6, 1):
            settings.EMAIL_BACKEND = path

    return use


@pytest.fixture
def links(capsys):
    """Send what was asked for, and return the links that went out, as a function."""

    def send():
        mail.outbox.clear()
        call_command("send_links")
        return [LINK.search(message.body)[0] for message in mail.outbox]

    return send


@pytest.fixture
def link(client, ada, links):
    """A link to a new password for Ada."""
    client.post("/password-reset/", {"email": "ada"})
    [link] = links()
    return link


def choose(client, page, password=NEW, **extra):
    """Send the form for a new password."""
    return client.post(page, {"new_password1": password, "new_password2": password}, **extra)
