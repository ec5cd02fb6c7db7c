"""docs/with-a-second-factor.md works as it stands there, with the packages that it names."""

from tests.documented.blocks import blocks_of
from tests.documented.project import build, project_of_section, run
from tests.guests.steps import URLS

PAGE = "docs/with-a-second-factor.md"
FORM = project_of_section(PAGE, "django-otp, in our form")
OWN_PAGE = project_of_section(PAGE, "django-two-factor-auth")
WRONG_CODE = "There is a problem That code does not match. Wait for the next one."


def test_every_block_of_the_page_is_followed():
    assert {block for block in blocks_of(PAGE) if block.file} <= {*FORM, *OWN_PAGE}


def test_the_code_is_asked_for_in_our_form(tmp_path):
    build(tmp_path, FORM, urls=URLS)

    answers = run(tmp_path, "tests.guests.visit_django_otp", warnings="default")

    assert answers == {
        "checks": [],
        "link": ["/login/?next=/", True],
        "fields": ["Username", "Password", "Code"],
        "in the dialog": ["Username", "Password", "Code"],
        "without a code": [200, False],
        "wrong code": [200, False, [WRONG_CODE]],
        "right code": [302, "/private/"],
        "private": "private page of ada",
        "verified": True,
    }


def test_there_is_one_way_in_and_it_asks_for_the_code(tmp_path):
    build(tmp_path, OWN_PAGE, urls=URLS)

    answers = run(tmp_path, "tests.guests.visit_two_factor", warnings="default")

    assert answers == {
        "checks": [],
        "link": ["/account/login/?next=/", False],
        "our page": [302, "/account/login/?next=/private/"],
        "our page, password": [302, "/account/login/?next=/private/"],
        "nobody": False,
        "admin": [302, "/account/login/?next=/admin/"],
        "password alone": [200, False],
        "signed in": [302, "/private/"],
        "private": "private page of ada",
        "in the dialog": [401, ["/account/login/?next=/private/"], []],
        "kept": [302, "/account/login/?next=/resume/"],
        "signed in again": [302, "/resume/"],
        "still there": True,
        "signed out": [302, "/signed-out/", False],
    }


def test_a_check_finds_a_login_url_that_leads_past_the_code(tmp_path):
    build(tmp_path, OWN_PAGE, urls=URLS)
    with (tmp_path / "mysite/settings.py").open("a") as settings:
        settings.write('\nLOGIN_URL = "auth_ui:login"\n')

    assert run(tmp_path, "tests.guests.visit_checks", warnings="default") == {
        "checks": ["?: (auth_ui.W022) LOGIN_URL (auth_ui:login) leads to our page"]
    }
