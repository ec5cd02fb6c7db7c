from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from auth_ui.lockout import unlocking
from auth_ui.lockout.models import Counter


class ShutFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "shut"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("locked now"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return unlocking.shut(queryset) if self.value() else queryset


@admin.register(Counter)
class CounterAdmin(admin.ModelAdmin):
    """Show staff who is locked out, and let them open it."""

    list_display = ("whose", "counts", "failures", "streak", "opens")
    list_filter = (ShutFilter, "kind")
    search_fields = ("digest",)
    search_help_text = _("A whole name or address, as a user would type it.")
    actions = ("unlock_selected",)

    @admin.display(description=_("who"))
    def whose(self, counter: Counter) -> str:
        return unlocking.describe(counter)

    @admin.display(description=_("counts"))
    def counts(self, counter: Counter) -> Any:
        return counter.counts

    @admin.display(description=_("opens"))
    def opens(self, counter: Counter) -> Any:
        return (
            _("when it is unlocked")
            if unlocking.is_closed(counter)
            else unlocking.opens_at(counter)
        )

    @admin.action(description=_("Unlock"), permissions=["unlock"])
    def unlock_selected(self, request: HttpRequest, queryset: Any) -> None:
        opened = unlocking.unlock(queryset, request)
        sentence = ngettext("%d counter was unlocked.", "%d counters were unlocked.", opened)
        self.message_user(request, sentence % opened, messages.SUCCESS)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find by name or address. Neither is stored, so there is nothing to search in parts."""
        if search_term:
            found = unlocking.counters_of(search_term).values("digest")
            return queryset.filter(digest__in=found), False
        return queryset, False

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("auth_ui_lockout.change_counter")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # saving would write back numbers that attempts have changed meanwhile

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
