"""A form that met an ended session: kept on the server until its user has signed in again."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import router
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts.users import key_of
from auth_ui.conf import conf
from auth_ui.continuity import last_release
from auth_ui.continuity.known import digest, reach, user_of_marker
from auth_ui.continuity.visit import (
    TAG_FIELD,
    Owner,
    are_among,
    browser_id,
    named_tags,
    owner_of,
    posted_secret,
    visit_of,
)
from auth_ui.http import htmx, private
from auth_ui.models import ParkedForm
from auth_ui.navigation.targets import page_before

MAX_SIZE = 64 * 1024  # bytes, of names and values together
OF_LAST_RELEASE = "0.1"  # in the place of a key
MOST_FORMS = 5  # of one user in one browser
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")  # new_password1, cardNumber, OTPToken
UNMISTAKABLE = 8  # letters: a sensitive word as long as this counts inside of another one too
OWN_FIELDS = ("csrfmiddlewaretoken", TAG_FIELD)
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass
class Form:
    """A form as it was posted.

    Args:
        fields: names and values, in their order and as often as they came.
        files: names of fields and of the files that were chosen in them; the files are not kept.
        multipart: True if it was posted as multipart/form-data.
        url: where it was posted to, as a path with its query.
        key: of its row, "" if it is not parked.
    """

    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    multipart: bool
    url: str = field(kw_only=True)
    key: str = field(default="", kw_only=True)

    @classmethod
    def of(cls, request: HttpRequest) -> "Form":
        """Return what a request posts."""
        return cls(
            url=request.get_full_path(),
            fields=[
                (_on_page(name), _on_page(value))
                for name, values in request.POST.lists()
                if name not in OWN_FIELDS
                for value in values
            ],
            files=[
                (_on_page(name), _on_page(str(file)))
                for name, files in request.FILES.lists()
                for file in files
            ],
            multipart=request.content_type == "multipart/form-data",
        )

    @property
    def is_sensitive(self) -> bool:
        """Whether a field's name says that its value should not be stored or shown."""
        return any(_is_sensitive(name) for name, _ in self.fields)

    @property
    def size(self) -> int:
        return sum(len(name.encode()) + len(value.encode()) for name, value in self.fields)

    @property
    def resume_url(self) -> str:
        """Return where it is sent from, once it is parked."""
        return f"{reverse('auth_ui:resume')}?form={self.key}"

    @property
    def discard_url(self) -> str:
        return f"{self.resume_url}&discard"

    @property
    def content(self) -> dict[str, Any]:
        """Return what of it is stored, as JSON can hold it."""
        facts = asdict(self)
        return {name: facts[name] for name in ("fields", "files", "multipart")}


@sensitive_variables()
def park(request: HttpRequest) -> str:
    """Keep a form that was sent to sign in, and lead its user back to it afterwards.

    Args:
        request: an anonymous POST.

    Returns:
        Where signing in leads to: the page that offers to send it, or the page that it was on if it
        may not be kept; "" if there is nobody to keep it for.
    """
    user = user_of_marker(visit_of(request)) if _may_keep(request) else ""
    if not user or not _is_page_of(request, user):
        return ""
    form = Form.of(request)
    not_kept = _why_not(form)
    target = page_before(request) if not_kept else reverse("auth_ui:resume")
    row = {"user": user, "browser": digest(browser_id(request)), "not_kept": not_kept}
    content = {} if not_kept else form.content
    kept = ""
    with reach(ParkedForm):
        key = get_random_string(22)
        ParkedForm.objects.create(key=key, url=form.url, content=content, **row)
        _drop_surplus(user, row["browser"])
        kept = target
    return kept


def forms_of(request: HttpRequest) -> list[Form]:
    """Return what the signed-in user had posted from this browser, the latest first."""
    forms: list[Form] = []
    with reach(ParkedForm):
        for row in _rows(request).filter(user=key_of(request.user), not_kept=""):
            forms.append(Form(url=row.url, key=row.key, **row.content))
    if kept := last_release.kept_form(request, key_of(request.user)):
        forms.append(Form(key=OF_LAST_RELEASE, **kept))
    return forms


def take(request: HttpRequest, key: str) -> Form | None:
    """Remove a form of the signed-in user and return it; None to all calls but one."""
    found = next((form for form in forms_of(request) if form.key == key), None)
    if found is None:
        return None
    if key == OF_LAST_RELEASE:
        return found if last_release.take_kept_form(request) else None
    deleted = 0
    with reach(ParkedForm):
        deleted, _ = ParkedForm.objects.filter(key=key).delete()
    return found if deleted else None


def reason_at_sign_in(request: HttpRequest, target: str) -> str:
    """Return what became of the form that met the end of the session, for the sign-in page to say.

    Args:
        request: a GET of the sign-in page.
        target: where it leads on to.

    Returns:
        "kept", or why it was not kept, once: "sensitive" or "large"; "" if there was none.
    """
    user, reason = user_of_marker(visit_of(request)), ""
    if not user:
        return reason
    with reach(ParkedForm):
        rows = _rows(request).filter(user=user)
        if target.partition("?")[0] == reverse("auth_ui:resume"):
            reason = "kept" if rows.filter(not_kept="").exists() else ""
        elif row := rows.exclude(not_kept="").first():
            reason = row.not_kept if ParkedForm.objects.filter(key=row.key).delete()[0] else ""
    return reason


def _rows(request: HttpRequest) -> Any:
    # Not from a replica, which may still have what was taken.
    rows = ParkedForm.objects.using(router.db_for_write(ParkedForm))
    return rows.fresh().filter(browser=digest(browser_id(request)))


def _on_page(text: str) -> str:
    """Return a text as a browser gets it back from a page: with no NUL, and no half a letter.

    PostgreSQL stores no NUL either, and a browser reads U+FFFD for one (HTML 13.2.5).
    """
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _drop_surplus(user: str, browser: str) -> None:
    """Delete what is too old, whoever's it is, and what is more than one user may keep."""
    ParkedForm.objects.outdated().delete()
    rows = ParkedForm.objects.filter(user=user, browser=browser)
    surplus = list(rows.values_list("pk", flat=True)[MOST_FORMS:])
    if surplus:
        ParkedForm.objects.filter(pk__in=surplus).delete()


def _may_keep(request: HttpRequest) -> bool:
    """Return True if a request is a form that this user sent from a page of this site."""
    # True only after an accepted CSRF check: what another site forged is never kept.
    is_ours = private.passed_csrf_check(request)
    is_theirs = are_among(named_tags(request), [visit_of(request).marked_tag])
    # On the page that offers to send it, what is kept already stays.
    is_offer = request.path == reverse("auth_ui:resume")
    is_navigation = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return (
        is_ours
        and is_theirs
        and not is_offer
        and (is_navigation or htmx.details(request).boosted)
        and request.content_type in FORM_TYPES
    )


def _is_page_of(request: HttpRequest, user: str) -> bool:
    """Return True if the page of a form was this user's, and not of who was here before or since.

    The marker may be another user's than the CSRF cookie, which Django has compared the token with.
    """
    owner = owner_of(posted_secret(request), user)
    return owner is Owner.THIS_USER or (owner is Owner.UNKNOWN and bool(named_tags(request)))


def _why_not(form: Form) -> str:
    if form.is_sensitive:
        return "sensitive"
    return "large" if form.size > MAX_SIZE else ""


def _is_sensitive(name: str) -> bool:
    words = _words(name)
    for sensitive in map(_words, conf.SENSITIVE_FIELDS):
        if f" {sensitive} " in f" {words} ":
            return True
        if len(sensitive) >= UNMISTAKABLE and sensitive in words:
            return True
    return False


def _words(name: str) -> str:
    """Return the words of a name, apart and folded, so that tax_id and taxId are the same."""
    return " ".join(word.casefold() for word in WORD.findall(name))
