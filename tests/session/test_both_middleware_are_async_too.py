"""Under ASGI the middleware awaits the view, and keeps every rule that it keeps under WSGI."""

import pytest
from django.contrib.auth import alogin, alogout
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.utils.module_loading import import_string

from auth_ui.models import KnownBrowser
from site_config.models import User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, HTMX, run

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@login_not_required
async def own_sign_in(request):
    user = await User.objects.aget(username=request.GET["name"])
    await alogin(request, user, backend=BACKEND)
    return HttpResponse("in")


@login_not_required
async def own_sign_out(request):
    await alogout(request)
    return HttpResponse("out")


@login_not_required
async def who(request):
    user = await request.auser()
    return HttpResponse(f"{user}")


async def lose(request):
    await request.session.aset("saved", True)
    await Session.objects.all().adelete()
    return HttpResponse("saved")


urlpatterns = [
    path("lose/", lose),
    path("own-in/", own_sign_in),
    path("own-out/", own_sign_out),
    path("who/", who),
    *site_urls,
]


@pytest.fixture(autouse=True)
def all_async(settings):
    """Leave out what is not asynchronous: in front of such middleware Django awaits nothing."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if getattr(import_string(name), "async_capable", False)
    ]


def test_the_whole_life_of_a_session(ada):
    async def live():
        client = AsyncClient()
        signed_in = await client.get("/own-in/?name=ada")
        asked = await client.get("/who/")
        tag = client.cookies["auth_ui_user"].value.partition(".")[2]
        refused = await client.post("/dashboard/notes/add/", headers={"Auth-UI-Person": "0" * 24})
        signed_out = await client.get("/own-out/")
        ended = await client.get("/dashboard/", headers=HTMX)
        return signed_in, asked, tag, refused, signed_out, ended

    signed_in, asked, tag, refused, signed_out, ended = run(live())

    assert {"sessionid", "auth_ui_user", "sessionid_browser"} <= set(signed_in.cookies)
    assert (asked.content, asked["Auth-UI-Person"]) == (b"ada", tag)
    assert (refused.status_code, refused["Auth-UI"]) == (409, "someone_else")
    assert signed_out.cookies["auth_ui_user"]["max-age"] == 0
    assert (ended.status_code, ended["WWW-Authenticate"]) == (401, "auth-ui")
    assert KnownBrowser.objects.count() == 1


def test_a_session_that_is_lost_on_the_way_is_explained(ada):
    async def live():
        client = AsyncClient()
        await client.get("/own-in/?name=ada")
        return await client.get("/lose/")

    response = run(live())

    assert (response.status_code, response["Auth-UI"]) == (400, "session_lost")
