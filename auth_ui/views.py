from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.encoding import iri_to_uri
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from auth_ui.accounts.users import key_of, meant_name, prove
from auth_ui.conf import conf
from auth_ui.continuity import known, parking, visit
from auth_ui.continuity.opening import open_session
from auth_ui.continuity.visit import visit_of
from auth_ui.forms import forget_passwords, prepare, show_hidden_errors
from auth_ui.http import htmx, notices
from auth_ui.http.refusals import Refusal
from auth_ui.http.words import is_spoken, words_at
from auth_ui.navigation.sign_in import (
    asks_for_as_much,
    is_at_login_url,
    login_page,
    sign_in_url,
)
from auth_ui.navigation.targets import place, safe_target
from auth_ui.signals import record

YEAR = 365 * 24 * 60 * 60  # seconds
SAME_SITE = "same_site"  # in the query of a request that this site's own page has sent


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
    may_lead_to_sign_in = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        # `dispatch()` may redirect by itself, so AuthUIMiddleware gives htmx its kind of redirect.
        if hasattr(request, "auth_ui"):
            request.auth_ui.redirects_page = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return where a request wants to go on to, "" if that is nowhere to go.

        It is decided once for each request, however often Django asks.

        Args:
            request: Django 6.1's admin passes one; this view's own by default.
        """
        asked = request or self.request
        ways: dict[HttpRequest, str] = self.__dict__.setdefault("ways_on", {})
        if asked not in ways:
            ways[asked] = self.way_on(asked)
        return ways[asked]

    def way_on(self, asked: HttpRequest) -> str:
        """Return the target in a request's form or query, if it passes the gate."""
        posted = asked.POST.get(self.redirect_field_name)
        return self.pass_gate(posted or asked.GET.get(self.redirect_field_name), asked)

    def pass_gate(self, target: str | None, asked: HttpRequest) -> str:
        if not target:
            return ""
        # A project's own method may take no argument, as Django's took none before 6.1.
        is_own = asked is getattr(self, "request", None)
        return safe_target(
            target,
            request=asked,
            allowed_hosts=self.get_success_url_allowed_hosts(*[] if is_own else [asked]),
            may_be_sign_in=self.may_lead_to_sign_in,
        )

    def get_success_url_allowed_hosts(self, request: HttpRequest | None = None) -> set[str]:
        return {(request or self.request).get_host(), *self.success_url_allowed_hosts}


class LoginView(PageOrFragment, GatedRedirect, auth_views.LoginView):
    """Show the sign-in form, as a page or in the dialog, and sign a user in.

    Everything that Django's `LoginView` takes works here: `authentication_form`, `next_page`,
    `success_url_allowed_hosts`, `extra_context`.
    """

    http_method_names = ["get", "post", "head", "options"]
    template_name = "auth_ui/login.html"
    fragment_name = "auth_ui/_login.html"
    # True where a project wants this way in beside the page that LOGIN_URL leads to.
    is_second_way_in = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if SAME_SITE in request.GET:
            # Another site's link led here, and must not lead on whoever is signed in.
            self.redirect_authenticated_user = False

    def may_sign_in(self, request: HttpRequest) -> bool:
        """Return True if this view may sign users in.

        It may where LOGIN_URL leads to it, or to a view of ours that asks for no more. Where
        LOGIN_URL is a page of somebody else's, that page may ask for a second factor or count
        guesses, and this one would be the way around it.
        """
        if self.is_second_way_in or is_at_login_url(request):
            return True
        page = login_page(request)
        return isinstance(page, LoginView) and asks_for_as_much(self, page)

    def lead_on(self) -> HttpResponse:
        """Lead to the page that signs users in; what was posted stays behind, unread.

        Raises:
            Http404: if LOGIN_URL leads nowhere.
        """
        url = sign_in_url(self.get_redirect_url())
        here = self.request.build_absolute_uri(self.request.path)
        if not url or urlsplit(url)[:3] == urlsplit(here)[:3]:
            raise Http404(
                "LOGIN_URL leads to no other page, and this one is closed. "
                "A host in LOGIN_URL has to stand in ALLOWED_HOSTS by its whole name."
            )
        return HttpResponseRedirect(url)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if not self.may_sign_in(self.request):
            return self.lead_on()
        return super().render_to_response(context, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if visit.may_hold_session_back(request) and SAME_SITE not in request.GET:
            return self.ask_from_here(request)
        return super().get(request, *args, **kwargs)

    def ask_from_here(self, request: HttpRequest) -> HttpResponse:
        """Let the browser ask for this page once more, as a page of this site does.

        After a link on another site it holds a session cookie back that is SameSite=Strict. Only
        this page is asked for, which does nothing: straight to `next` another site could lead
        whoever is signed in, which is what Strict forbids. It happens once: the second request says
        that it is one.
        """
        query = request.GET.copy()
        query[SAME_SITE] = "1"
        url = f"{request.path}?{query.urlencode(safe='/')}"
        response = render(request, "auth_ui/same_site.html", {"url": url})
        response["Refresh"] = f"0; url={iri_to_uri(url)}"
        return response

    # Also masks the frames of the form and its fields, which hold what was typed.
    @sensitive_variables()
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_sign_in(request):
            return self.lead_on()
        user = getattr(request, "user", None)
        was_signed_in = user is not None and user.is_authenticated
        response = super().post(request, *args, **kwargs)
        if not isinstance(response, HttpResponseRedirect):
            return response  # the form again: it was wrong, or refused
        if was_signed_in:
            # Django keeps the key when the same user signs in again (ASVS 7.2.4).
            request.session.cycle_key()
        return self.announce_and_redirect(response)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        prove(self.request, form.get_user())
        visit_of(self.request).accepted_name = form.cleaned_data.get("username", "")
        sign_in = super().form_valid
        is_stock = sign_in.__func__ is auth_views.LoginView.form_valid  # type: ignore[attr-defined]
        if is_stock and type(self).form_valid is LoginView.form_valid:
            open_session(self.request, form.get_user())  # since nothing else is done at a sign-in
        return sign_in(form)

    def announce_and_redirect(self, response: HttpResponse) -> HttpResponse:
        """Tell a script that waits for it that a user signed in; AuthUIMiddleware leads on."""
        htmx.announce(self.request, response, "auth-ui:signed-in")
        return response

    def go_on(self) -> HttpResponse:
        """Send a user on who is signed in already, in another tab say."""
        return self.announce_and_redirect(HttpResponseRedirect(self.get_success_url()))

    def get_initial(self) -> dict[str, Any]:
        """Return the name of the user whose session ended here, if one did."""
        name = self.expected_name() if self.request.method == "GET" else ""
        return {"username": name, **super().get_initial()}

    def expected_name(self) -> str:
        """Return whose session ended in this browser; "" after a sign-out, and on others' pages."""
        if not visit.is_of_ended_session(self.request):
            return ""
        return known.name_of_marker(visit_of(self.request))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.request.method == "PUT":  # which Django would check too
            del kwargs["data"], kwargs["files"]
        if name := kwargs.get("data", {}).get("username"):
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["username"] = meant_name(name)
        return kwargs

    def get_form(self, form_class: type[AuthenticationForm] | None = None) -> AuthenticationForm:
        return prepare(super().get_form(form_class))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        forget_passwords(form)
        asked = getattr(self.request, "auth_ui", None) or visit_of(self.request)
        if asked.refusal:
            return self.refuse(form, asked.refusal)
        return super().form_invalid(show_hidden_errors(form))

    def refuse(self, form: AuthenticationForm, refusal: Refusal) -> HttpResponse:
        """Show the form again, with what was typed, and say why nobody looked at the password."""
        form.errors.clear()  # "does not match" is not known
        context = self.get_context_data(form=form, refusal=refusal)
        response = refusal.mark(self.render_to_response(context))
        response[notices.HEADER] = "sign_in_refused"  # so that the script lets it be swapped
        return response

    def way_on(self, asked: HttpRequest) -> str:
        """Return the page that the user is on, if the dialog asks, or the `next` that came."""
        is_dialog = asked.method == "GET" and htmx.wants_fragment(asked)
        here = self.pass_gate(htmx.current_url(asked), asked) if is_dialog else ""
        return here or super().way_on(asked)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            next_or_default=self.get_success_url(),
            next_name=self.redirect_field_name,
            **kwargs,
        )
        # `extra_context` may have set it too.
        context["next_value"] = context[self.redirect_field_name]
        if "reason" not in context:
            context["reason"] = self.reason()
        return context

    def reason(self) -> str:
        """Return what became of a form that met an ended session, if one did."""
        if self.request.method != "GET" or not visit.has_ended_session(self.request):
            return ""
        return parking.reason_at_sign_in(self.request, self.get_redirect_url())


@method_decorator(login_not_required, name="dispatch")
class LogoutView(PageOrFragment, GatedRedirect, auth_views.LogoutView):
    """Sign a user out by POST; answer anything else with a page that holds the button."""

    template_name = "auth_ui/logout.html"
    fragment_name = "auth_ui/_logout.html"
    may_lead_to_sign_in = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if visit.is_of_another(request):
            return self.ask_again(request)
        was_signed_in = visit.is_signed_in(request)
        try:
            response = super().post(request, *args, **kwargs)
        except DatabaseError as error:
            response = self.sign_out_here(request, error)
        if was_signed_in and conf.CLEAR_SITE_DATA:
            response["Clear-Site-Data"] = '"storage"'
        return response

    def ask_again(self, request: HttpRequest) -> HttpResponse:
        """Sign nobody out from a page that was rendered for another user, and say who is here."""
        if visit.TAG_HEADER in request.headers:  # a script's: it gets no name and no token
            return notices.notice(request, "someone_else", status=409)
        response = self.render_to_response(self.get_context_data(someone_else=True), status=409)
        response[notices.HEADER] = "someone_else"
        add_never_cache_headers(response)
        return response

    def sign_out_here(self, request: HttpRequest, error: DatabaseError) -> HttpResponse:
        """Sign out of this browser at least, where the database cannot be written.

        The session lives on on the server, and no cookie leads there any more.
        """
        record("session_left_open", request, person=key_of(request.user), error=str(error).strip())
        visit_of(request).signed_out = True
        request.session = type(request.session)()  # empty: its middleware deletes the cookie
        request.session.accessed = True
        request.user = AnonymousUser()
        return HttpResponseRedirect(
            f"{reverse('auth_ui:signed_out')}?only_here={_only_here().sign('')}"
        )

    def get_default_redirect_url(self) -> str:
        return resolve_url(self.next_page or settings.LOGOUT_REDIRECT_URL or "auth_ui:signed_out")


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignedOutView(PageOrFragment, TemplateView):
    """Say that the user is signed out, if it is so."""

    http_method_names = ["get", "head", "options"]
    template_name = "auth_ui/signed_out.html"
    fragment_name = "auth_ui/_signed_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            next_or_default=resolve_url(settings.LOGIN_REDIRECT_URL),
            only_here=_was_only_here(self.request),
            **kwargs,
        )


def _only_here() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="auth_ui.only_here")


def _was_only_here(request: HttpRequest) -> bool:
    """Return True if our own redirect says so, and no link that anybody made."""
    try:
        _only_here().unsign(request.GET.get("only_here", ""), max_age=60)
    except signing.BadSignature:
        return False
    return True


@method_decorator([login_required, never_cache], name="dispatch")
class ResumeView(TemplateView):
    """Offer a user to send what the end of their session interrupted, and send it once."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "auth_ui/resume.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = parking.take(request, request.GET.get("form", ""))
        if form is None:
            return self.render_to_response(self.get_context_data(forms=[]), status=410)
        if "discard" in request.GET:
            has_more = bool(parking.forms_of(request))
            target = "auth_ui:resume" if has_more else settings.LOGIN_REDIRECT_URL
            return HttpResponseRedirect(resolve_url(target))
        # The browser sends the body on by itself, to where it was meant to go (RFC 9110 15.4.8).
        return HttpResponseRedirect(form.url, preserve_request=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "forms" not in kwargs:
            kwargs["forms"] = parking.forms_of(self.request)
        default_url = resolve_url(settings.LOGIN_REDIRECT_URL)
        return super().get_context_data(default_url=default_url, **kwargs)


@login_not_required
@never_cache
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Tell our script who is signed in, in the header that every answer has, and the CSRF token.

    Where nobody is, a script that asks as htmx does gets the sign-in form, with 401. A page of the
    last release asks for the token alone.
    """
    if not visit.is_signed_in(request) and htmx.is_partial(request):
        login_url = resolve_url(settings.LOGIN_URL)
        return auth_views.redirect_to_login(request.get_full_path(), login_url)
    return HttpResponse(get_token(request), content_type="text/plain")


@login_not_required
@require_safe
def words(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """Give our script what it may have to say, so that it can say it when no server answers.

    A page of another release names other words by another URL: it gets those of now, and its
    browser keeps them under no URL.

    Args:
        request: of anybody; the answer is the same for each.
        language: in which the page is.
        version: of the words, a digest of them.

    Raises:
        Http404: if the site has no words in that language.
    """
    if not is_spoken(language):  # so that nobody fills the memory with others
        raise Http404
    # A middleware may have looked at the user, as LoginRequiredMiddleware does before each view.
    request.session.accessed = False
    may_bring_cookie = bool(request.COOKIES) or request.session.modified
    with override(language):
        found = words_at(place())
    response = HttpResponse(found.content, content_type="text/plain; charset=utf-8")
    response["Content-Language"] = language
    if found.version == version:
        # Our script sends none. Where one came, a middleware may send one back, for one browser; or
        # it may begin a session for each visitor.
        scope: dict[str, Any] = {"private" if may_bring_cookie else "public": True}
        patch_cache_control(response, max_age=YEAR, immutable=True, **scope)
    else:
        add_never_cache_headers(response)
    return response
