from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from site_config.errors import error_page


class SiteAdmin(AdminSite):
    """Django's admin with the site's own sign-in; `urls.py` gives it our sign-out."""

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the sign-in page, or tell a signed-in person that this account may not enter."""
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        if request.user.is_authenticated:
            return error_page(request, 403, "admin/403.html")
        return redirect_to_login(request.GET.get("next") or index, settings.LOGIN_URL)
