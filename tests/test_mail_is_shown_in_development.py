"""While DEBUG is on, the site's mail goes to the console, and a page shows it."""

import pytest
from django.core.mail import send_mail

from site_config import mail
from tests.document import read
from tests.recovery.conftest import mail_goes_by  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_sent(mail_goes_by):  # noqa: F811
    mail_goes_by("site_config.mail.EmailBackend")
    mail.sent.clear()


def test_it_shows_what_was_sent(client, db, debug, capsys):
    before = read(client.get("/try-it/mail/")).texts("h2")
    for subject in ("First", "Second"):
        send_mail(subject, "See http://testserver/x/ <b>", None, ["ada@example.com"])

    page = read(client.get("/try-it/mail/"))
    assert (before, page.texts("h2")) == ([], ["Second", "First"])
    assert [a["href"] for a in page.all("a", rel="nofollow")] == ["http://testserver/x/"] * 2
    assert page.all("b") == []
    assert "Subject: First" in capsys.readouterr().out


def test_nobody_reads_it_elsewhere(client, db, settings):
    settings.ROOT_URLCONF = "tests.debug_urls"

    assert client.get("/try-it/mail/").status_code == 404


def test_the_home_page_leads_there(client, db, debug):
    assert read(client.get("/")).all("a", href="/try-it/mail/")
