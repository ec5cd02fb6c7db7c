from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.core.checks import Tags, register
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class LockoutConfig(AppConfig):
    name = "auth_ui.lockout"
    label = "auth_ui_lockout"
    verbose_name = _("Guess counting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auth_ui.lockout import backends, checks, unlocking

        register(checks.check_chain, Tags.security)
        register(checks.check_limits, Tags.security)
        register(checks.check_room, Tags.security)
        register(checks.check_database, Tags.security)
        user_model = get_user_model()
        if not hasattr(user_model, "backend"):
            user_model.backend = backends.BackendOfUser()  # type: ignore[assignment]
        post_delete.connect(unlocking.deleted, user_model, dispatch_uid="auth_ui.counters_deleted")
        post_save.connect(unlocking.new_password, dispatch_uid="auth_ui.new_password")
