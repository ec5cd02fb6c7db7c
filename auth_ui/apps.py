from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class AuthUiConfig(AppConfig):
    name = "auth_ui"
    verbose_name = _("Sign in and sign out")

    def ready(self) -> None:
        from auth_ui import checks

        register(checks.check_middleware, Tags.security)
        register(checks.check_templates, Tags.templates)
        register(checks.check_urls, Tags.urls)
