"""A host whose pages are written as people write them, and that keeps all that they send.

What came is kept as a note, so that a test compares the whole of it.
"""

import json

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path

from site_config.models import Note
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site

NOT_TYPED = ("csrfmiddlewaretoken", "auth_ui_person")
KEPT_HEADERS = ("HX-Prompt", "X-Mine")
# A host without a policy: its scripts stand in its pages.
NO_POLICY = "frame-ancestors 'self'"


@login_required
def page(request, name):
    context = {"rows": [1, 2, 3], "timer": request.GET.get("timer")}
    response = render(request, f"pages/{name}.html", context)
    response["Content-Security-Policy"] = NO_POLICY
    return response


@login_not_required
def public(request):
    response = render(request, "pages/public.html")
    response["Content-Security-Policy"] = NO_POLICY
    return response


def what_came(request) -> dict:
    """Return all that a request brought, but for its tokens and what is empty."""
    posted = request.POST
    if request.method != "POST" and request.content_type.endswith("urlencoded"):
        posted = QueryDict(request.body)
    came = {
        "query": dict(request.GET.lists()),
        "values": {name: posted.getlist(name) for name in posted if name not in NOT_TYPED},
        "files": {
            name: [[file.name, file.read().decode()] for file in files]
            for name, files in request.FILES.lists()
        },
        "headers": {n: request.headers[n] for n in KEPT_HEADERS if n in request.headers},
        "json": json.loads(request.body) if request.content_type == "application/json" else None,
    }
    return {"method": request.method, **{part: value for part, value in came.items() if value}}


def keep(request) -> str:
    Note.objects.create(owner=request.user, text=json.dumps(what_came(request)))
    return f"Kept for {request.user.first_name}"


@login_required
def keep_and_show(request):
    return HttpResponse(f'<p class="answer">{keep(request)}</p><p class="rest">The rest</p>')


@login_required
def keep_and_tell(request):
    return JsonResponse({"answer": keep(request)})


@login_required
def keep_and_lead_on(request):
    keep(request)
    return redirect("/pages/kept/")


@login_required
def find(request):
    wanted = request.GET.get("q", "")
    return HttpResponse(f'<p class="answer">Found {wanted} for {request.user.first_name}</p>')


@login_required
def tick(request):
    return HttpResponse(f"A tick for {request.user.first_name}")


@login_required
def tick_on(request):
    """Tell once, and ask to be asked again."""
    return render(request, "pages/_tick.html")


urlpatterns = [
    path("pages/public/", public),
    path("pages/<slug:name>/", page),
    path("keep/", keep_and_show),
    path("keep/json/", keep_and_tell),
    path("keep/page/", keep_and_lead_on),
    path("find/", find),
    path("tick/", tick),
    path("tick/on/", tick_on),
    *site,
]
