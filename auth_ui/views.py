from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from auth_ui.conf import conf
from auth_ui.continuity import parking, person
from auth_ui.continuity.browsers import Browser
from auth_ui.forms import prepare, show_hidden_errors
from auth_ui.http import htmx, notices
from auth_ui.http.refusals import Refusal
from auth_ui.navigation.targets import safe_target


class PageOrFragment(TemplateResponseMixin, ContextMixin, View):
    """Serve one URL in two shapes: a whole page, or for htmx its `fragment_name` alone."""

    fragment_name: str

    def get_template_names(self) -> list[str]:
        if htmx.wants_fragment(self.request):
            return [self.fragment_name]
        return super().get_template_names()

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        htmx.vary_on_shape(response)
        return response

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer 405 with the page instead of Django's empty body (RFC 9110 15.5.6)."""
        response = self.render_to_response(self.get_context_data(**kwargs), status=405)
        response["Allow"] = super().http_method_not_allowed(request)["Allow"]
        return response


class GatedRedirect(auth_views.RedirectURLMixin):
    """Let a redirect target pass through our gate instead of Django's."""

    request: HttpRequest

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # Django 6.1 passes it
        posted = self.request.POST.get(self.redirect_field_name)
        return self.pass_gate(posted or self.request.GET.get(self.redirect_field_name))

    def pass_gate(self, target: str | None) -> str:
        return safe_target(
            target,
            request=self.request,
            allowed_hosts=self.get_success_url_allowed_hosts(),
        )


class LoginView(PageOrFragment, GatedRedirect, auth_views.LoginView):
    """Show the sign-in form, as a page or in the dialog, and sign a person in.

    Everything that Django's `LoginView` takes works here: `authentication_form`, `next_page`,
    `success_url_allowed_hosts`, `extra_context`.
    """

    http_method_names = ["get", "post", "head", "options"]
    template_name = "auth_ui/login.html"
    fragment_name = "auth_ui/_login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = super().post(request, *args, **kwargs)
        if not isinstance(response, HttpResponseRedirect):
            return response  # the form again: it was wrong, or refused
        if was_signed_in:
            # Django keeps the key when the same person signs in again (ASVS 7.2.4).
            request.session.cycle_key()
        return self.announce_and_redirect(response)

    def announce_and_redirect(self, response: HttpResponse) -> HttpResponse:
        """Tell a script that waits for it that a person signed in, and send the person on."""
        htmx.announce(self.request, response, "auth-ui:signed-in")
        return htmx.redirect(self.request, response)

    def go_on(self) -> HttpResponse:
        """Send a person on who is signed in already, in another tab say."""
        return self.announce_and_redirect(HttpResponseRedirect(self.get_success_url()))

    def get_initial(self) -> dict[str, Any]:
        """Return the name of the person whose session ended here, if one did."""
        return {"username": person.expected_name(self.request), **super().get_initial()}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.request.method == "PUT":  # which Django would check too
            del kwargs["data"], kwargs["files"]
        return kwargs

    def get_form(self, form_class: type[AuthenticationForm] | None = None) -> AuthenticationForm:
        return prepare(super().get_form(form_class))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if refusal := Refusal.of(self.request):
            return self.refuse(form, refusal)
        return super().form_invalid(show_hidden_errors(form))

    def refuse(self, form: AuthenticationForm, refusal: Refusal) -> HttpResponse:
        """Show the form again, with what was typed, and say why nobody looked at the password."""
        form.errors.clear()  # "does not match" is not known
        context = self.get_context_data(form=form, refusal=refusal)
        response = refusal.mark(self.render_to_response(context))
        response[notices.HEADER] = "sign_in_refused"  # so that the script lets it be swapped
        return response

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the page that the person is on, if the dialog asks, or the `next` that came."""
        if self.request.method == "GET" and htmx.wants_fragment(self.request):
            return self.pass_gate(htmx.current_url(self.request)) or super().get_redirect_url()
        return super().get_redirect_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            next_or_default=self.get_success_url(),
            next_name=self.redirect_field_name,
            **kwargs,
        )
        # `extra_context` may have set it too.
        context["next_value"] = context[self.redirect_field_name]
        if "notice" not in context:
            context["notice"] = self.take_notice()
        return context

    def take_notice(self) -> str:
        """Return what became of a request that met an ended session; once, if it is lost."""
        browser = Browser.of(self.request)
        if self.request.method != "GET":
            return ""
        if self.get_redirect_url() == reverse("auth_ui:resume") and browser.parked:
            return "kept"
        notice, browser.not_kept = browser.not_kept, ""
        return notice


@method_decorator(login_not_required, name="dispatch")
class LogoutView(PageOrFragment, GatedRedirect, auth_views.LogoutView):
    """Sign a person out by POST; answer anything else with a page that holds the button."""

    template_name = "auth_ui/logout.html"
    fragment_name = "auth_ui/_logout.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = htmx.redirect(request, super().post(request, *args, **kwargs))
        if was_signed_in and conf.CLEAR_SITE_DATA:
            response["Clear-Site-Data"] = '"storage"'
        return response

    def get_default_redirect_url(self) -> str:
        return resolve_url(self.next_page or settings.LOGOUT_REDIRECT_URL or "auth_ui:signed_out")


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignedOutView(PageOrFragment, TemplateView):
    """Say that the person is signed out, if it is so."""

    http_method_names = ["get", "head", "options"]
    template_name = "auth_ui/signed_out.html"
    fragment_name = "auth_ui/_signed_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        next_or_default = resolve_url(settings.LOGIN_REDIRECT_URL)
        return super().get_context_data(next_or_default=next_or_default, **kwargs)


@method_decorator([login_required, never_cache], name="dispatch")
class ResumeView(TemplateView):
    """Offer a person to send what the end of their session interrupted, and send it once."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "auth_ui/resume.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parked = parking.find(request)
        if parked is None or not parking.forget(Browser.of(request)):
            return self.render_to_response(self.get_context_data(parked=None), status=410)
        if "discard" in request.GET:
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        # The browser sends the body on by itself, to where it was meant to go (RFC 9110 15.4.8).
        return HttpResponseRedirect(parked.url, preserve_request=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        default_url = resolve_url(settings.LOGIN_REDIRECT_URL)
        parked = parking.find(self.request)
        return super().get_context_data(**{"parked": parked, "default_url": default_url, **kwargs})


@login_not_required
@never_cache
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Give our script the CSRF token, where it is in a session or a cookie that it cannot read."""
    return HttpResponse(get_token(request), content_type="text/plain")
