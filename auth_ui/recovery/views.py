from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from auth_ui.accounts.users import key_of
from auth_ui.continuity import known, visit
from auth_ui.continuity.visit import visit_of
from auth_ui.forms import forget_passwords, prepare
from auth_ui.http import htmx, notices
from auth_ui.http.refusals import Refusal
from auth_ui.recovery import limits, outbox
from auth_ui.recovery.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from auth_ui.recovery.models import Asking
from auth_ui.recovery.passwords import replace
from auth_ui.recovery.tokens import link_token_generator
from auth_ui.signals import name_digest, record
from auth_ui.views import PageOrFragment


class Card(PageOrFragment):
    """One step of a flow: a page, or a card in the dialog."""

    http_method_names = ["get", "post", "head", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # A fragment's redirect leads the whole page on.
        visit_of(request).redirects_page = True

    def get_form(self, form_class: Any = None) -> Any:
        return prepare(super().get_form(form_class))  # type: ignore[misc]

    def form_invalid(self, form: Any) -> Any:
        forget_passwords(form)
        return super().form_invalid(form)  # type: ignore[misc]

    def done(self, fragment_name: str, **context: Any) -> HttpResponse:
        """Go on to `success_url`; in the dialog, to the card that stands there."""
        is_own_page = urlsplit(htmx.current_url(self.request)).path == self.request.path
        if is_own_page or not htmx.wants_fragment(self.request):
            return HttpResponseRedirect(self.get_success_url())  # type: ignore[attr-defined]
        self.fragment_name = fragment_name
        return self.render_to_response(context)


@method_decorator([login_not_required, never_cache], name="dispatch")
class PasswordResetView(Card, outbox.SendsLater, auth_views.PasswordResetView):
    """Ask by name or e-mail address for a link to a new password.

    Everything that Django's view takes works here. The e-mail is made and sent later, so
    `extra_email_context` and the form's methods get no request.
    """

    template_name = "auth_ui/recovery/password_reset.html"
    fragment_name = "auth_ui/recovery/_password_reset.html"
    email_template_name = "auth_ui/recovery/password_reset_email.txt"
    html_email_template_name = "auth_ui/recovery/password_reset_email.html"
    subject_template_name = "auth_ui/recovery/password_reset_subject.txt"
    title = _("Forgot your password?")
    form_class = PasswordResetForm
    token_generator = link_token_generator

    def form_valid(self, form: Any) -> HttpResponse:
        name = form.cleaned_data["email"]
        outbox.put(self.request, name)
        record("password_reset_asked", self.request, name=name_digest(name))
        done = PasswordResetDoneView
        return self.done(done.fragment_name, title=done.title)

    def send(self, asking: Asking) -> None:
        form: Any = self.get_form_class()()
        form.cleaned_data = {"email": asking.name}
        allowed = [user for user in form.get_users(asking.name) if _may_be_sent(user, asking)]
        form.get_users = lambda email: allowed
        scheme, _, host = asking.origin.partition("://")
        form.save(
            domain_override=host,
            use_https=scheme == "https",
            token_generator=self.token_generator,
            from_email=self.from_email,
            subject_template_name=self.subject_template_name,
            email_template_name=self.email_template_name,
            html_email_template_name=self.html_email_template_name,
            extra_email_context=self.extra_email_context,
        )
        for user in allowed:
            record("password_reset_sent", person=key_of(user))


def _may_be_sent(user: Any, asking: Asking) -> bool:
    """Return True if an account may be sent one more link in this hour.

    One that could not be sent at first was counted then.
    """
    return asking.tries > 0 or limits.count(limits.ACCOUNT, key_of(user)) <= asking.most


@method_decorator([login_not_required, never_cache], name="dispatch")
class PasswordResetDoneView(Card, auth_views.PasswordResetDoneView):
    """Say that a link is on its way, if an account has that name."""

    template_name = "auth_ui/recovery/password_reset_done.html"
    fragment_name = "auth_ui/recovery/_password_reset_done.html"
    title = _("Look into your e-mail")


@method_decorator([login_not_required, never_cache, sensitive_post_parameters()], name="dispatch")
class PasswordResetConfirmView(Card, auth_views.PasswordResetConfirmView):
    """Take a link's token out of the address, and then a new password.

    Opening the link changes nothing, so a mail scanner that opens it uses nothing up.
    """

    template_name = "auth_ui/recovery/password_reset_confirm.html"
    fragment_name = "auth_ui/recovery/_password_reset_confirm.html"
    title = _("Choose a new password")
    form_class = SetPasswordForm
    token_generator = link_token_generator
    is_of_another = False

    # It is decorated as Django's is. A link is always answered by a redirect.
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if kwargs["token"] == self.reset_url_token:
            return response
        if isinstance(response, HttpResponseRedirect):
            # Whoever has planted the session's cookie does not get the token with it.
            request.session.cycle_key()
        else:
            request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
            clean = request.path.replace(kwargs["token"], self.reset_url_token)
            response = HttpResponseRedirect(clean)
        # Only here: from a page with this policy a form comes with `Origin: null`.
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get_user(self, uidb64: str) -> Any:
        """Return whose link it is, None where it must not be used.

        That is while somebody else is signed in: nothing is done or shown as another user.
        """
        user = super().get_user(uidb64)
        self.is_of_another = visit.is_signed_in(self.request) and self.request.user != user
        return None if self.is_of_another or not getattr(user, "is_active", True) else user

    @sensitive_variables()
    def form_valid(self, form: Any) -> HttpResponse:
        old_hash = form.user.password
        user = form.save(commit=False)
        if not replace(user, old_hash):
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        self.request.session.flush()
        self.request.user = AnonymousUser()
        record("password_reset", self.request, person=key_of(user))
        if self.post_reset_login:
            login(self.request, user, self.post_reset_login_backend)
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.is_of_another:
            context["title"] = _("This link is for another account")
        elif not self.validlink:
            context["title"] = _("This link does not work any more")
        return {**context, "is_of_another": self.is_of_another}


@method_decorator([login_not_required, never_cache], name="dispatch")
class PasswordResetCompleteView(Card, auth_views.PasswordResetCompleteView):
    """Say that the new password counts, and lead to the sign-in."""

    template_name = "auth_ui/recovery/password_reset_complete.html"
    fragment_name = "auth_ui/recovery/_password_reset_complete.html"
    title = _("Your password is changed")


class PasswordChangeView(Card, auth_views.PasswordChangeView):
    """Let a user who knows the old password choose a new one.

    Sessions and known browsers elsewhere end. This session goes on with a new key, in a browser
    that stays known.
    """

    template_name = "auth_ui/recovery/password_change.html"
    fragment_name = "auth_ui/recovery/_password_change.html"
    title = _("Change your password")
    form_class = PasswordChangeForm

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.request = self.request
        return form

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)
        refusal = visit_of(self.request).refusal
        return self.refuse(form, refusal) if refusal else response

    def refuse(self, form: Any, refusal: Refusal) -> HttpResponse:
        """Show the form again, and say why nobody looked at the old password."""
        form.errors.clear()
        context = self.get_context_data(form=form, refusal=refusal)
        response = refusal.mark(self.render_to_response(context))
        response[notices.HEADER] = "sign_in_refused"  # so that the script lets it be swapped
        return response

    @sensitive_variables()
    def form_valid(self, form: Any) -> Any:
        old_hash = form.user.password
        user = form.save(commit=False)
        if not replace(user, old_hash):
            form.add_error(None, _("Your password was changed elsewhere meanwhile. Sign in anew."))
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        known.stay_known(self.request, user)
        record("password_changed", self.request, person=key_of(user))
        done = PasswordChangeDoneView
        return self.done(done.fragment_name, title=done.title)


class PasswordChangeDoneView(Card, auth_views.PasswordChangeDoneView):
    """Say that the new password counts, and what has ended."""

    template_name = "auth_ui/recovery/password_change_done.html"
    fragment_name = "auth_ui/recovery/_password_change_done.html"
    title = _("Your new password is saved")
