import pytest
from django.test import Client

from site_config.models import User

PASSWORD = "lovelace-1815-engine"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user(
        "ada", password=PASSWORD, email="ada@example.com", first_name="Ada"
    )


@pytest.fixture
def grace(db) -> User:
    return User.objects.create_superuser(
        "grace", password=PASSWORD, email="grace@example.com", first_name="Grace"
    )


@pytest.fixture
def signed_in(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client
