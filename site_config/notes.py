"""The dashboard: a user's notes, added, edited, deleted and imported with htmx or without it."""

from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from auth_ui.http import htmx
from site_config.forms import ImportForm, NoteForm
from site_config.models import Note, User

Form = TypeVar("Form", bound=BaseForm)


class SignedInRequest(HttpRequest):
    user: User


show_or_submit = require_http_methods(["GET", "HEAD", "POST"])
two_shapes = vary_on_headers(*htmx.SHAPE_HEADERS)


@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_safe
@two_shapes
def pulse(request: SignedInRequest) -> HttpResponse:
    """Refresh the one element of the dashboard that refreshes itself."""
    if htmx.wants_fragment(request):
        return render(request, "dashboard/_pulse.html", {"now": timezone.localtime()})
    return redirect("dashboard")


@show_or_submit
@two_shapes
def add(request: SignedInRequest) -> HttpResponse:
    form = NoteForm(_posted(request))
    if not form.is_valid():
        return _again(request, "dashboard/_add_form.html", add_form=_focused(form))
    form.instance.owner = request.user
    note = form.save()
    messages.success(request, _("Note added."))
    return _added(request, [note], "dashboard/_add_form.html", add_form=_focused(NoteForm()))


@show_or_submit
@two_shapes
def import_notes(request: SignedInRequest) -> HttpResponse:
    form = ImportForm(_posted(request), request.FILES or None)
    if not form.is_valid():
        return _again(request, "dashboard/_import_form.html", import_form=_focused(form))
    texts = form.cleaned_data["file"]
    # All of them or none, so that whoever reads that it failed may try again.
    with transaction.atomic():
        notes = Note.objects.bulk_create(Note(owner=request.user, text=text) for text in texts)
    sentence = ngettext("%d note imported.", "%d notes imported.", len(notes))
    messages.success(request, sentence % len(notes))
    fresh = _focused(ImportForm())
    return _added(request, notes[::-1], "dashboard/_import_form.html", import_form=fresh)


@require_safe
@two_shapes
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own_note(request, pk)
    if htmx.wants_fragment(request):
        return render(request, "dashboard/_note.html", {"note": found, "has_focus": True})
    return redirect("dashboard")


@show_or_submit
@two_shapes
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own_note(request, pk)
    form = _focused(NoteForm(_posted(request), instance=found, auto_id=f"id_%s_{pk}"))
    if not form.is_valid():
        shape = (
            "dashboard/_edit_form.html" if htmx.wants_fragment(request) else "dashboard/edit.html"
        )
        return render(request, shape, {"form": form, "note": found})
    # Not `form.save()`, which would bring back a note that was deleted meanwhile.
    if not Note.objects.filter(pk=pk, owner=request.user).update(text=found.text):
        raise Http404
    messages.success(request, _("Note saved."))
    if htmx.wants_fragment(request):
        return render(request, "dashboard/_saved.html", {"note": found, "has_focus": True})
    return redirect("dashboard")


@show_or_submit
@two_shapes
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own_note(request, pk)
    if request.method != "POST":
        return render(request, "dashboard/delete.html", {"note": found})
    found.delete()
    messages.success(request, _("Note deleted."))
    if htmx.wants_fragment(request):
        return render(request, "dashboard/_notice.html")
    return redirect("dashboard")


def _posted(request: SignedInRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _focused(form: Form) -> Form:
    """Give the focus to a form's first field, since what had it is replaced (WCAG 2.4.3)."""
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    return form


def _own_note(request: SignedInRequest, pk: int) -> Note:
    return get_object_or_404(Note, pk=pk, owner=request.user)


def _page(request: SignedInRequest, **forms: BaseForm) -> HttpResponse:
    context = {
        "add_form": NoteForm(),
        "import_form": ImportForm(),
        "notes": Note.objects.filter(owner=request.user),
        "now": timezone.localtime(),
        "has_try_it": settings.DEBUG,
        **forms,
    }
    return render(request, "dashboard/dashboard.html", context)


def _again(request: SignedInRequest, template: str, **form: BaseForm) -> HttpResponse:
    if not htmx.wants_fragment(request):
        return _page(request, **form)
    return render(request, "dashboard/_again.html", {"form_template": template, **form})


def _added(
    request: SignedInRequest, notes: list[Note], template: str, **form: BaseForm
) -> HttpResponse:
    if not htmx.wants_fragment(request):
        return redirect("dashboard")
    return render(
        request, "dashboard/_added.html", {"notes": notes, "form_template": template, **form}
    )
