"""What a host says as somebody signs in, by the messages framework, is read once."""

import pytest
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpResponse
from django.urls import path

from site_config.urls import urlpatterns as site_urls
from tests.conftest import PASSWORD, plain_and_htmx


def greetings(request):
    return HttpResponse(", ".join(map(str, messages.get_messages(request))))


urlpatterns = [path("greetings/", greetings), *site_urls]


@pytest.fixture(autouse=True)
def host_that_greets():
    def greet(request, user, **kwargs):
        messages.success(request, f"Welcome back, {user}!")

    user_logged_in.connect(greet)
    yield
    user_logged_in.disconnect(greet)


@pytest.mark.urls(__name__)
@plain_and_htmx
def test_after_a_sign_in(client, ada, headers):
    client.post("/login/", {"username": "ada", "password": PASSWORD}, headers=headers)

    pages = [client.get("/greetings/").text for _ in range(2)]

    assert pages == ["Welcome back, ada!", ""]
