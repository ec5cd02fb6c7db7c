"""`PasswordResetConfirmView` with `post_reset_login` signs in, also where guesses are counted."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import path
from django.utils.http import urlsafe_base64_encode

from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND

urlpatterns = [
    path(
        "reset/<uidb64>/<token>/",
        login_not_required(
            PasswordResetConfirmView.as_view(post_reset_login=True, success_url="/account/")
        ),
    ),
    *site_urls,
]

pytestmark = pytest.mark.urls(__name__)

NEW = "the-analytical-engine"


def test_it_signs_in(client, ada):
    uid = urlsafe_base64_encode(str(ada.pk).encode())
    form = client.get(f"/reset/{uid}/{default_token_generator.make_token(ada)}/")["Location"]

    response = client.post(form, {"new_password1": NEW, "new_password2": NEW})

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert client.session["_auth_user_backend"] == BACKEND
    assert client.get("/account/").status_code == 200
