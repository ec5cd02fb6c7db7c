"""A project's own words, sender and kind of form."""

from django.contrib.auth.forms import PasswordResetForm
from django.urls import path

from auth_ui.recovery.views import PasswordResetView
from site_config.urls import urlpatterns as site


class OfMail(PasswordResetForm):
    def get_users(self, email):
        from site_config.models import User

        return User.objects.filter(email=email)


urlpatterns = [
    path(
        "password-reset/",
        PasswordResetView.as_view(
            form_class=OfMail,
            from_email="help@example.com",
            subject_template_name="recovery/subject.txt",
            email_template_name="recovery/body.txt",
            html_email_template_name=None,
            extra_email_context={"more": "extra"},
        ),
        name="password_reset",
    ),
    path("plain/", PasswordResetView.as_view(html_email_template_name=None)),
    *site,
]
