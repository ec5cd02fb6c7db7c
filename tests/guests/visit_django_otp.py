"""Sign in with a code in our own form, with django-otp, and print what comes back."""

from tests.document import read
from tests.guests.steps import HTMX, PASSWORD, begin, checks, is_signed_in, led, link, post, tell

RIGHT = {"username": "ada", "password": PASSWORD, "next": "/private/"}


def labels(page):
    return read(page).texts("label")


def errors(page):
    return [summary.text for summary in read(page).all(class_="auth-ui-summary")]


def visit():
    client = begin()
    from django.contrib.auth import get_user_model
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    device = TOTPDevice.objects.create(user=get_user_model().objects.get(), name="phone")
    yield "checks", checks()
    yield "link", link(client.get("/"))
    page = client.get("/login/")
    yield "fields", labels(page)
    yield "in the dialog", labels(client.get("/private/", headers=HTMX))
    without = post(client, "/login/", RIGHT, page)
    yield "without a code", [without.status_code, is_signed_in(client)]
    wrong = post(client, "/login/", {**RIGHT, "code": "abc123"}, without)
    yield "wrong code", [wrong.status_code, is_signed_in(client), errors(wrong)]
    device.refresh_from_db()
    device.throttle_reset()
    yield (
        "right code",
        led(post(client, "/login/", {**RIGHT, "code": f"{totp(device.bin_key):06}"}, wrong)),
    )
    yield "private", client.get("/private/").text
    yield "verified", "otp_device_id" in client.session


if __name__ == "__main__":
    tell(visit)
