from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import include, path

from auth_ui.views import LoginView, LogoutView

PAGE = """<!doctype html>
<html lang="en">
  <head><title>Host</title>{% include "auth_ui/head.html" %}</head>
  <body>{% include "auth_ui/account.html" %}{% include "auth_ui/dialog.html" %}</body>
</html>"""


def home(request):
    context = Context({"request": request, "user": request.user})
    return HttpResponse(Template(PAGE).render(context))


@login_required
def private(request):
    return HttpResponse("private")


urlpatterns = [
    path("", home, name="home"),
    path("private/", private),
    # For templates that say `{% url "login" %}`.
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("", include("auth_ui.urls")),
]
