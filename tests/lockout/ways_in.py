"""A site with every way in that a host may have, beside ours."""

from django.contrib.admin import AdminSite
from django.contrib.auth import aauthenticate, alogin, authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import path

from site_config.urls import urlpatterns as site


def credentials(request):
    return {name: request.POST[name] for name in ("username", "password")}


@login_not_required
def own(request):
    user = authenticate(request, **credentials(request))
    if user is None:
        return HttpResponse("wrong", status=401)
    login(request, user)
    return HttpResponse("in")


@login_not_required
def without_request(request):
    user = authenticate(**credentials(request))
    if user is None:
        return HttpResponse("wrong", status=401)
    login(request, user)
    return HttpResponse("in")


@login_not_required
async def asynchronous(request):
    user = await aauthenticate(request, **credentials(request))
    if user is None:
        return HttpResponse("wrong", status=401)
    await alogin(request, user)
    return HttpResponse("in")


urlpatterns = [
    path("stock-admin/", AdminSite("stock").urls),
    path("stock/", LoginView.as_view()),
    path("own/", own),
    path("without-request/", without_request),
    path("asynchronous/", asynchronous),
    *site,
]
