from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from site_config.try_it import DEMO_ACCOUNTS


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    demo = DEMO_ACCOUNTS[0] if settings.DEBUG else None
    return render(request, "home.html", {"demo": demo})


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account.html")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask at the well-known address, as they do on the admin's pages."""
    return redirect(static("favicon.svg"))
