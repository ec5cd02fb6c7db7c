from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account.html")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask at the well-known address, as they do on the admin's pages."""
    return redirect(static("favicon.svg"))
