from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from pages.models import Note


@login_required
def notes(request):
    if request.method == "POST":
        Note.objects.create(text=request.POST["text"])
        if not request.htmx:
            return redirect("notes")
    template = "_notes.html" if request.htmx else "notes.html"
    return render(request, template, {"notes": Note.objects.all()})
