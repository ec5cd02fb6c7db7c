"""The pages that every project has."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import path


def notes(request, template):
    return render(request, template, {"notes": [f"Note {number}" for number in range(20)]})


urlpatterns = [
    path("", notes, {"template": "notes.html"}, name="home"),
    path("private/", login_required(notes), {"template": "notes.html"}),
]
