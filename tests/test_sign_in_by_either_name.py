import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import aauthenticate

from site_config.models import User
from tests.conftest import PASSWORD, plain_and_htmx

pytestmark = pytest.mark.django_db

NAMES = [
    "Élodie",
    "élodie",
    "ÉLODIE",
    "E\u0301lodie",
    "e\u0301lodie",
    " Élodie ",
    "elodie@example.com",
    "ELODIE@EXAMPLE.COM",
    "Elodie@Example.com",
    "elodie＠example.com",
    "ｅｌｏｄｉｅ@example.com",
    "  elodie@example.com\n",
]


@pytest.fixture(autouse=True)
def elodie(db):
    return User.objects.create_user("Élodie", password=PASSWORD, email="elodie@example.com")


@plain_and_htmx
@pytest.mark.parametrize("name", NAMES)
def test_in_any_spelling(client, elodie, name, headers):
    client.post("/login/", {"username": name, "password": PASSWORD}, headers=headers)

    assert client.session["_auth_user_id"] == str(elodie.pk)


@pytest.mark.parametrize("name", ["elodie", "Élodie@example.com", "Éodie"])
def test_not_by_another_name(client, name):
    response = client.post("/login/", {"username": name, "password": PASSWORD})

    assert (response.status_code, "_auth_user_id" in client.session) == (200, False)


@pytest.mark.parametrize("name", NAMES[:5] + NAMES[6:9])
def test_the_asynchronous_way_finds_the_same_person(elodie, name):
    found = async_to_sync(aauthenticate)(username=name, password=PASSWORD)

    assert found == elodie


@plain_and_htmx
@pytest.mark.parametrize(
    ("name", "column"), [("Élodie", "username"), ("elodie@example.com", "email")]
)
def test_with_one_query_for_the_person(
    client, django_assert_max_num_queries, name, column, headers
):
    with django_assert_max_num_queries(20) as queries:
        client.post("/login/", {"username": name, "password": PASSWORD}, headers=headers)

    lookups = [query["sql"] for query in queries if '_canonical" = ' in query["sql"]]
    assert len(lookups) == 1
    assert f'"{column}_canonical" = ' in lookups[0]


def test_somebody_s_email_does_not_open_another_account_of_that_name(client, elodie):
    other = User.objects.create_user("elodie.example.com", password="another-password")

    client.post("/login/", {"username": "elodie@example.com", "password": "another-password"})

    assert other.username_canonical != elodie.email_canonical
    assert "_auth_user_id" not in client.session
