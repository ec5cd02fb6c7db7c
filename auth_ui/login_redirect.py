from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import resolve_url

from auth_ui import person


def is_login_redirect(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether an anonymous request was sent to sign in, before it did anything.

    True only for exactly what `redirect_to_login` writes: the view's login URL, with this request's
    own path as `next`. A bare redirect to the sign-in page, after a sign-up say, has done its work.
    """
    if not isinstance(response, HttpResponseRedirectBase) or response.status_code != 302:
        return False
    if getattr(request, "auth_ui_signed_out", False) or person.is_signed_in(request):
        return False
    own_urls = (request.get_full_path(), request.build_absolute_uri())
    return response.url in [login_redirect(request, own_url) for own_url in own_urls]


def login_redirect(request: HttpRequest, target: str) -> str:
    """Return the sign-in URL of the view that was asked for, with `target` as its `next`."""
    login_url = resolve_url(_view_attribute(request, "login_url") or settings.LOGIN_URL)
    field_name = _view_attribute(request, "redirect_field_name") or REDIRECT_FIELD_NAME
    return redirect_to_login(target, login_url, field_name).url


def _view_attribute(request: HttpRequest, name: str) -> Any:
    """Return what login_required or LoginRequiredMixin noted on the view that was asked for."""
    if request.resolver_match is None:
        return None
    view = request.resolver_match.func
    return getattr(view, name, None) or getattr(getattr(view, "view_class", None), name, None)
