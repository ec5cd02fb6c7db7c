"""Long, not complicated (ASVS 6.2.1 to 6.2.5, 6.2.9; NIST SP 800-63B-4, 3.1.1.2)."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from site_config.models import User
from site_config.try_it import DEMO_ACCOUNTS


def problems(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [problem.code for problem in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "only lowercase letters",
        "482910573649182",
        "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰",
        "x y" * 5,
        "q" * 63 + "z",
        "ab" * 64,
        "ab" * 2048,
    ],
)
def test_any_characters_will_do(password):
    assert problems(password) == []


def test_fourteen_are_too_few_and_fifteen_enough():
    assert problems("correct-horse-"[:14]) == ["password_too_short"]
    assert problems("correct-horse-b") == []


def test_composition_makes_no_password_longer():
    assert problems("e\u0301" * 8) == ["password_too_short"]


def test_more_than_can_be_hashed_is_refused_in_words():
    with pytest.raises(ValidationError, match="up to 4096 characters"):
        validate_password("x" * 4097)


def test_common_passwords_are_refused():
    assert problems("manchesterunited") == ["password_too_common"]


def test_the_list_of_common_passwords_is_as_short_as_docs_security_says():
    common = CommonPasswordValidator().passwords

    assert sum(len(password) >= 15 for password in common) == 48


def test_a_persons_own_name_is_refused():
    assert problems("augusta-lovelace", User(username="augusta-lovelace")) == [
        "password_too_similar"
    ]


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account["username"])
def test_the_demonstration_accounts_keep_the_rules(account):
    assert problems(account["password"], User(username=account["username"])) == []
