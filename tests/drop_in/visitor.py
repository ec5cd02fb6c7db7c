"""A user in front of a project's pages, and what the browser complains of meanwhile."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from tests.conftest import PASSWORD
from tests.drop_in.project import EMAIL
from tests.drop_in.variants import Variant


class Visitor:
    """Ada, who reads the pages in the project's language.

    Args:
        page: a page of her browser.
        url: where the project is, without a slash at its end.
        variant: which project it is.
    """

    def __init__(self, page: Page, url: str, variant: Variant) -> None:
        self.page = page
        self.url = url
        self.variant = variant
        self.complaints: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._note_response)
        with translation.override(variant.language):
            label = gettext("email address" if variant.user == "e-mail model" else "username")
            self.label = capfirst(label)
            self.password_label = gettext("Password")
            self.wrong = AuthenticationForm.error_messages["invalid_login"] % {"username": label}

    @property
    def name(self) -> str:
        """What she types as her name."""
        return "ada" if self.variant.user == "stock" else EMAIL

    @property
    def shown_name(self) -> str:
        """What the pages call her."""
        return EMAIL if self.variant.user == "e-mail model" else "ada"

    @property
    def login_path(self) -> str:
        return f"{self.variant.ours}login/"

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Sign in", exact=True)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def send(self, password: str = PASSWORD, name: str | None = None) -> None:
        """Fill in the form, and send it."""
        self.username.fill(self.name if name is None else name)
        self.password.fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    @property
    def username(self) -> Locator:
        return self.page.get_by_label(self.label, exact=True)

    @property
    def password(self) -> Locator:
        return self.page.get_by_label(self.password_label, exact=True)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out", exact=True).click()

    def expect_at(self, path: str) -> None:
        expect(self.page).to_have_url(self.url + path)

    def expect_refused(self) -> None:
        """Expect Django's words about a wrong password, and the name as it was typed."""
        expect(self.page.get_by_role("alert").get_by_role("listitem")).to_have_text([self.wrong])
        expect(self.username).to_have_value(self.name)
        expect(self.password).to_have_value("")

    def expect_signed_in(self) -> None:
        expect(self.page.locator(".auth-ui-account bdi")).to_have_text([self.shown_name])

    def expect_signed_out(self) -> None:
        self.expect_at(f"{self.variant.ours}signed-out/")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("You are signed out")
        expect(self.page.locator(".auth-ui-account")).to_have_count(0)

    def _note_console(self, message) -> None:
        # Which request failed, and how, is in the complaint about its response.
        if message.type in ("warning", "error") and "Failed to load" not in message.text:
            self.complaints.append(message.text)

    def _note_response(self, response) -> None:
        if response.status >= 400:
            path = response.url.removeprefix(self.url)
            self.complaints.append(f"{response.status} {response.request.method} {path}")
