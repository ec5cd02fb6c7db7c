"""Sign in through django-two-factor-auth's page, and print what comes back."""

from tests.guests.steps import (
    PASSWORD,
    begin,
    checks,
    interrupted,
    is_signed_in,
    led,
    link,
    our_door,
    post,
    sign_out,
    tell,
)

STEP = "login_view-current_step"


def visit():
    client = begin()
    from django.contrib.auth import get_user_model
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    user = get_user_model().objects.get()
    device = TOTPDevice.objects.create(user=user, name="default")

    def first_step(client, url):
        values = {"auth-username": "ada", "auth-password": PASSWORD, STEP: "auth"}
        return post(client, url, values, client.get(url))

    def sign_in(client, url):
        page = first_step(client, url)
        device.refresh_from_db()
        device.throttle_reset()
        device.last_t = -1  # so that one code will do for two sign-ins
        device.save()
        values = {"token-otp_token": f"{totp(device.bin_key):06}", STEP: "token"}
        return post(client, url, values, page)

    yield "checks", checks()
    yield "link", link(client.get("/"))
    yield from our_door(client)
    yield "admin", led(client.get("/admin/login/"))
    first = first_step(client, "/account/login/?next=/private/")
    yield "password alone", [first.status_code, is_signed_in(client)]
    yield "signed in", led(sign_in(client, "/account/login/?next=/private/"))
    yield "private", client.get("/private/").text
    yield from interrupted(client, sign_in)
    yield from sign_out(client)


if __name__ == "__main__":
    tell(visit)
