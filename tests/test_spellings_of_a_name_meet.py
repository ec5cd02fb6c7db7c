import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_ui.accounts.users import canonical_name

NAMES = st.text(max_size=40)
# Full case mappings of these do not come back: dotless i is another letter than i, and the
# iota subscript becomes a letter of its own.
ONE_WAY = "ı\u0345"
LETTERS = st.text(st.characters(categories=("L", "N"), exclude_characters=ONE_WAY), max_size=20)


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("ada", "ada"),
        ("Ada", "ada"),
        ("ADA@Example.COM", "ada@example.com"),
        ("Élodie", "élodie"),
        ("E\u0301LODIE", "élodie"),
        ("ａｄａ", "ada"),
        ("ada＠example.com", "ada@example.com"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("σίσυφος", "σίσυφοσ"),
        ("ﬁona", "fiona"),
        ("\u212aelvin", "kelvin"),
        ("İpek", "i̇pek"),
        ("ᏣᎳᎩ", "ᏣᎳᎩ"),
        ("李雷", "李雷"),
        ("", ""),
    ],
)
def test_by_example(spelling, canonical):
    assert canonical_name(spelling) == canonical


def test_dotless_i_is_another_letter():
    assert canonical_name("ışıl") != canonical_name("işil")


@given(NAMES)
def test_a_canonical_name_is_its_own(name):
    assert canonical_name(canonical_name(name)) == canonical_name(name)


@given(NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_composition_does_not_matter(name, form):
    assert canonical_name(unicodedata.normalize(form, name)) == canonical_name(name)


@given(LETTERS, st.sampled_from([str.upper, str.lower, str.title, str.swapcase, str.casefold]))
def test_letter_case_does_not_matter(name, change):
    assert canonical_name(change(name)) == canonical_name(name)


def test_every_single_character_is_stable_and_keeps_its_case_variants_together():
    for number in range(0x20000):
        character = chr(number)
        canonical = canonical_name(character)
        assert canonical_name(canonical) == canonical
        if character not in ONE_WAY and not unicodedata.combining(character):
            assert canonical_name(character.upper()) == canonical
