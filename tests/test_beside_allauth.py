"""docs/beside-allauth.md works as it stands there."""

from tests.documented.blocks import blocks_of
from tests.documented.project import build, project_of_section, run
from tests.guests.steps import URLS

PAGE = "docs/beside-allauth.md"


def test_there_is_one_way_in_and_it_is_allauths(tmp_path):
    blocks = project_of_section(PAGE, "Settings")
    build(tmp_path, blocks, urls=URLS)

    answers = run(tmp_path, "tests.guests.visit_allauth")

    assert {block for block in blocks_of(PAGE) if block.file} <= set(blocks)
    assert answers == {
        "checks": [],
        "link": ["/accounts/login/?next=/", False],
        "our page": [302, "/accounts/login/?next=/private/"],
        "our page, password": [302, "/accounts/login/?next=/private/"],
        "nobody": False,
        "admin": [302, "/accounts/login/?next=/admin/"],
        "signed in": [302, "/private/"],
        "private": "private page of ada",
        "in the dialog": [401, ["/accounts/login/?next=/private/"], []],
        "kept": [302, "/accounts/login/?next=/resume/"],
        "signed in again": [302, "/resume/"],
        "still there": True,
        "signed out": [302, "/signed-out/", False],
    }
