"""A form with a field whose name promises a secret is neither stored nor shown."""

import pytest
from django.http import HttpResponse
from django.urls import path

from auth_ui.models import ParkedForm
from site_config.urls import urlpatterns as site_urls
from tests.session.conftest import post


def save(request):
    return HttpResponse("saved")


urlpatterns = [path("save/", save), *site_urls]
pytestmark = pytest.mark.urls(__name__)

SENSITIVE = [
    "password",
    "PASSWORD",
    "Password",
    "password1",
    "new_password1",
    "old-password",
    "user.password",
    "form-0-password",
    "user[password]",
    "newPassword",
    "confirmPassword2",
    "newpassword",
    "passwordconfirm",
    "passwd",
    "passphrase",
    "passcode",
    "client_secret",
    "clientSecret",
    "otp_token",
    "otp",
    "OTP",
    "OTPToken",
    "otp2",
    "api_token",
    "apiToken",
    "APIToken",
    "token2",
    "pin",
    "userPIN",
    "PINCode",
    "pin-code",
    "cardNumber",
    "card_number",
    "CARD_NUMBER",
    "credit-card",
    "creditcard",
    "creditCardNumber",
    "cvc",
    "CVC2",
    "cvv",
    "cardCVV",
    "CVVCode",
    "iban",
    "IBAN",
    "payee.iban",
    "pwd",
    "user_pass",
    "cc-number",
    "cc-csc",
    "security_code",
    "one-time-code",
    "mfaCode",
    "pincode",
    "totp",
    "apikey",
    "ssn",
]
HARMLESS = [
    "text",
    "shipping",
    "opinion",
    "discard",
    "spinner",
    "pinned",
    "topping",
    "option",
    "adoption",
    "cardinal",
    "cardigan",
    "postcard",
    "passenger",
    "passport_country",
    "urban",
    "hotpot",
    "cc",
    "postal_code",
    "zipCode",
    "country_code",
    "discount-code",
    "",
    "1",
]


@pytest.mark.parametrize("name", SENSITIVE)
def test_sensitive_form_is_not_kept(ended, name):
    post(ended, "/save/", {"text": "a", name: "x"})

    assert not ParkedForm.objects.filter(not_kept="").exists()


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_form_is_kept(ended, name):
    post(ended, "/save/", {"text": "a", name: "x"})

    assert ParkedForm.objects.filter(not_kept="").count() == 1


def test_sensitive_values_of_harmless_names_are_kept(ended):
    post(ended, "/save/", {"text": "my password"})

    assert ParkedForm.objects.filter(not_kept="").count() == 1


@pytest.mark.parametrize(
    ("extra", "name", "is_kept"),
    [
        (["salary"], "salary", False),
        (["salary"], "user_salary", False),
        (["salary"], "salaryman", True),
        (["salary"], "password", False),
        ([], "salary", True),
        (["SALARY"], "salary", False),
        (["tax_id"], "tax_id", False),
        (["taxId"], "taxId", False),
        (["contraseña"], "contraseña", False),
        (["contraseña"], "nueva_contraseña", False),
    ],
)
def test_host_can_add_to_the_list(ended, settings, extra, name, is_kept):
    settings.AUTH_UI_SENSITIVE_FIELDS = extra

    post(ended, "/save/", {"text": "a", name: "x"})

    assert ParkedForm.objects.filter(not_kept="").exists() == is_kept
