"""docs/in-wagtail.md works as it stands there, in a project as Wagtail describes one."""

from tests.documented.blocks import blocks_of
from tests.documented.project import build, project_of_section, run
from tests.guests.steps import URLS

PAGE = "docs/in-wagtail.md"
WAGTAIL = """
INSTALLED_APPS = [
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    *INSTALLED_APPS,
]
WAGTAIL_SITE_NAME = "mysite"
WAGTAILADMIN_BASE_URL = "http://testserver"
WAGTAILDOCS_EXTENSIONS = ["txt"]
"""


def test_editors_and_readers_come_to_our_page(tmp_path):
    blocks = project_of_section(PAGE, "")
    build(tmp_path, blocks, settings=WAGTAIL, urls=URLS)

    answers = run(tmp_path, "tests.guests.visit_wagtail", warnings="default")

    assert {block for block in blocks_of(PAGE) if block.file} <= set(blocks)
    assert answers == {
        "checks": [],
        "link": ["/login/?next=/", True],
        "editors": [302, "/login/?next=/cms/"],
        "old pages": [["Sign in", "/cms/"], ["Sign in", "/cms/"]],
        "private page": [302, "/login/?next=/secret/"],
        "signed in": [302, "/cms/"],
        "admin": 200,
        "secret": [200],
        "Wagtail's log out": [302, "/login/", ["Sign in"]],
        "no editor": [True, []],
    }


def test_with_a_second_factor_all_its_pages_lead_there(tmp_path):
    blocks = project_of_section(PAGE, "")
    build(tmp_path, blocks, settings=WAGTAIL, urls=URLS)
    with (tmp_path / "mysite/settings.py").open("a") as settings:
        settings.write('\nLOGIN_URL = "/private/"  # which stands for such a page\n')

    assert run(tmp_path, "tests.guests.visit_wagtail_doors", warnings="default") == {
        # The admin that Django's own project has, and no page of Wagtail's.
        "checks": ["?: (auth_ui.W018) Users can sign in at admin/login/ too"],
        "doors": [[302, "/private/?next=/"]] * 3,
    }
