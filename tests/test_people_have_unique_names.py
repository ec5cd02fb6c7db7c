import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from site_config.models import User
from tests.document import read

pytestmark = pytest.mark.django_db

USERNAME_TAKEN = "Somebody has this username already."
EMAIL_TAKEN = "Somebody has this e-mail address already."
SPELLINGS = {
    "élodie": ["Élodie", "ÉLODIE", "E\u0301lodie", "e\u0301LODIE", "ｅ\u0301lodie"],
    "strasse": ["Straße", "STRASSE", "ſtrasse"],
}
EMAILS = ["ADA@example.com", "ada@EXAMPLE.COM", "Ada@Example.Com"]

spellings = pytest.mark.parametrize(
    ("name", "spelling"),
    [(name, spelling) for name, spellings in SPELLINGS.items() for spelling in spellings],
)


@spellings
def test_the_database_refuses_another_spelling_of_a_username(name, spelling):
    User.objects.create_user(name)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(spelling)

    assert User.objects.count() == 1


@pytest.mark.parametrize("spelling", EMAILS)
def test_the_database_refuses_another_spelling_of_an_email(ada, spelling):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("someone", email=spelling)

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("username", {"username": "ﷲ" * 200}, "This username is too long."),
        (
            "email",
            {"username": "a", "email": f"a@{'ﷺ' * 50}.com"},
            "This e-mail address is too long.",
        ),
    ],
)
def test_a_name_is_as_long_as_what_is_stored_of_it(field, values, words):
    """A ligature becomes up to eighteen letters."""
    with pytest.raises(ValidationError) as refusal:
        User(password="!", **values).full_clean()

    assert refusal.value.message_dict == {field: [words]}


@spellings
def test_validation_names_the_username(name, spelling):
    User.objects.create_user(name)

    with pytest.raises(ValidationError) as refusal:
        User(username=spelling, password="!").full_clean()

    assert USERNAME_TAKEN in refusal.value.message_dict["username"]


@pytest.mark.parametrize(
    ("username", "email", "errors"),
    [
        ("ADA", "new@example.com", [USERNAME_TAKEN]),
        ("new", "ADA@Example.com", [EMAIL_TAKEN]),
        ("Ada", "ADA@Example.com", [USERNAME_TAKEN, EMAIL_TAKEN]),
        ("ada@work", "", ["Use letters, digits and . + - _ only."]),
        ("ada＠work", "", ["Use letters, digits and . + - _ only."]),
    ],
)
def test_the_admin_answers_with_a_form_error(client, grace, ada, username, email, errors):
    eve = User.objects.create_user("eve")
    client.force_login(grace)
    data = {"username": username, "email": email, "is_active": "on"}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}

    response = client.post(f"/admin/site_config/user/{eve.pk}/change/", {**data, **joined})

    assert response.status_code == 200
    assert [text for text in read(response).texts("li") if text in errors] == errors
    assert User.objects.get(pk=eve.pk).username == "eve"


@pytest.mark.parametrize("username", ["ada", "Ada", "ＡＤＡ", "STRASSE"])
def test_the_admin_s_add_form_answers_with_a_form_error(client, grace, ada, username):
    User.objects.create_user("straße")
    client.force_login(grace)
    password = "a-long-enough-one"
    data = {"username": username, "password1": password, "password2": password}

    response = client.post("/admin/site_config/user/add/", {**data, "usable_password": "true"})

    assert response.status_code == 200
    [error] = response.context["adminform"].form.errors["username"]
    assert error in read(response).texts("li")
    assert User.objects.count() == 3


def test_the_admin_adds_and_changes_a_person(client, grace):
    client.force_login(grace)
    password = "a-long-enough-one"
    data = {"username": "Eve", "password1": password, "password2": password}
    client.post("/admin/site_config/user/add/", {**data, "usable_password": "true"})
    eve = User.objects.get(username="Eve")
    changed = {"username": "Eva", "email": "Eva@example.com", "is_active": "on"}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}

    client.post(f"/admin/site_config/user/{eve.pk}/change/", {**changed, **joined})

    eve.refresh_from_db()
    assert (eve.username_canonical, eve.email_canonical) == ("eva", "eva@example.com")


def test_a_person_may_keep_the_own_names(ada):
    ada.full_clean()


@pytest.mark.parametrize("name", ["ada@work", "ada＠work", "ada﹫work", "@", "ada@example.com"])
def test_a_username_holds_no_at_sign(name):
    with pytest.raises(ValidationError) as refusal:
        User(username=name, password="!").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        User(username=name).save()

    assert "Use letters, digits and . + - _ only." in refusal.value.message_dict["username"]


@pytest.mark.parametrize("name", ["Élodie", "李雷", "a.b+c-d_e", "0"])
def test_a_username_in_any_script_is_fine(name):
    User(username=name, password="!").full_clean()


@pytest.mark.parametrize("name", ["", "a b", "a\n", "a/b", "<b>", "\u202eada", "a" * 255])
def test_a_username_with_anything_else_is_not(name):
    with pytest.raises(ValidationError) as refusal:
        User(username=name, password="!").full_clean()

    assert refusal.value.message_dict.keys() == {"username"}


def test_an_absent_email_is_null_and_many_may_have_none():
    people = [
        User.objects.create_user("one"),
        User.objects.create_user("two", email=""),
        User.objects.create_user("three", email=None),
    ]

    for person in people:
        person.refresh_from_db()
    assert {(person.email, person.email_canonical) for person in people} == {(None, None)}


def test_an_email_can_be_given_up(ada):
    ada.email = ""
    ada.save(update_fields=["email"])

    ada.refresh_from_db()
    assert (ada.email, ada.email_canonical) == (None, None)


def test_saving_one_field_saves_its_canonical_form(ada):
    ada.username, ada.email = "Lovelace", "Countess@example.com"
    ada.save(update_fields=["username"])

    ada.refresh_from_db()
    assert (ada.username, ada.username_canonical) == ("Lovelace", "lovelace")
    assert (ada.email, ada.email_canonical) == ("ada@example.com", "ada@example.com")


def test_saving_something_else_saves_no_name(ada):
    ada.username = "Lovelace"
    ada.first_name = "Augusta"
    ada.save(update_fields=["first_name"])

    ada.refresh_from_db()
    assert (ada.first_name, ada.username, ada.username_canonical) == ("Augusta", "ada", "ada")


def test_update_or_create_saves_the_canonical_form(ada):
    User.objects.update_or_create(pk=ada.pk, defaults={"username": "Lovelace"})

    ada.refresh_from_db()
    assert ada.username_canonical == "lovelace"


def test_the_widest_username_fits():
    widest = "\u0390" * 254  # case folding makes three characters of it

    User.objects.create_user(widest)

    assert User.objects.get_by_natural_key(widest).username_canonical == widest


def create_superuser(**options):
    call_command("createsuperuser", interactive=False, stdout=io.StringIO(), **options)


def test_createsuperuser_works():
    create_superuser(username="Grace", email="grace@example.com")

    person = User.objects.get()
    assert (person.username_canonical, person.is_superuser) == ("grace", True)


def test_createsuperuser_knows_other_spellings(ada):
    with pytest.raises(CommandError, match="That username is already taken"):
        create_superuser(username="ADA", email="new@example.com")
