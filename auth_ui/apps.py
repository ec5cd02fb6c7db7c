from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.checks import Tags, register
from django.db.models.signals import post_delete, pre_save
from django.utils.translation import gettext_lazy as _


class AdminConfig(admin_apps.AdminConfig):
    """Stands in INSTALLED_APPS in the place of `django.contrib.admin`, which it is."""

    default = False
    default_site = "auth_ui.admin_site.AdminSite"


class AuthUiConfig(AppConfig):
    name = "auth_ui"
    default = True
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Sign in and sign out")

    def ready(self) -> None:
        from auth_ui import checks
        from auth_ui import signals as records
        from auth_ui.continuity import changes

        register(checks.check_middleware, Tags.security)
        register(checks.check_sessions, Tags.security)
        register(checks.check_session_middleware, Tags.security)
        register(checks.check_csrf, Tags.security)
        register(checks.check_cookies, Tags.security)
        register(checks.check_proxy, Tags.security)
        register(checks.check_backend, Tags.security, deploy=True)
        register(checks.check_counter, Tags.security, deploy=True)
        register(checks.check_counter_is_installed, Tags.security)
        register(checks.check_templates, Tags.templates)
        register(checks.check_urls, Tags.urls)
        user_logged_in.connect(changes.signed_in, dispatch_uid="auth_ui.signed_in")
        user_logged_out.connect(changes.signed_out, dispatch_uid="auth_ui.signed_out")
        user = get_user_model()
        pre_save.connect(changes.password_hashed_anew, user, dispatch_uid="auth_ui.hashed_anew")
        post_delete.connect(changes.deleted, user, dispatch_uid="auth_ui.deleted")
        user_logged_in.connect(records.signed_in, dispatch_uid="auth_ui.record_signed_in")
        user_login_failed.connect(records.sign_in_failed, dispatch_uid="auth_ui.record_failed")
        user_logged_out.connect(records.signed_out, dispatch_uid="auth_ui.record_signed_out")
