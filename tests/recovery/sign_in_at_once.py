from django.urls import path

from auth_ui.recovery.views import PasswordResetConfirmView
from site_config.urls import urlpatterns as site

urlpatterns = [
    path(
        "password-reset/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(post_reset_login=True),
        name="password_reset_confirm",
    ),
    *site,
]
