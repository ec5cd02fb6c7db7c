from django.apps import AppConfig
from django.core.checks import Tags, register
from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _


class RecoveryConfig(AppConfig):
    name = "auth_ui.recovery"
    label = "auth_ui_recovery"
    verbose_name = _("Forgotten and changed passwords")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auth_ui.recovery import checks, outbox

        register(checks.check_origin, Tags.security)
        register(checks.check_urls, Tags.urls)
        request_finished.connect(outbox.answered, dispatch_uid="auth_ui.outbox_answered")
