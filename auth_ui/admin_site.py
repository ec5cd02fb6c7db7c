from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from auth_ui.http.notices import not_allowed
from auth_ui.views import LogoutView


class AdminSite(admin.AdminSite):
    """Django's admin with our sign-in and sign-out. `auth_ui.apps.AdminConfig` installs it."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        # Before Django's own, which asks whoever is signed out already to sign in first.
        return [path("logout/", LogoutView.as_view(), name="logout"), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view as `login_required` does, so that an ended session is known for one."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the sign-in page, or tell a signed-in user that this account may not enter."""
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        to_sign_in = redirect_to_login(request.GET.get("next") or index, settings.LOGIN_URL)
        if request.user.is_authenticated:
            return not_allowed(request, to_sign_in.url, for_staff=True)
        return to_sign_in
