from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from auth_ui.views import LoginView
from site_config import mail, notes, try_it, views
from site_config.forms import SignInForm

handler400 = "site_config.errors.bad_request"
handler403 = "site_config.errors.permission_denied"
handler404 = "site_config.errors.page_not_found"
handler500 = "site_config.errors.server_error"

dashboard_urls = [
    path("", notes.dashboard, name="dashboard"),
    path("pulse/", notes.pulse, name="pulse"),
    path("notes/add/", notes.add, name="add_note"),
    path("notes/import/", notes.import_notes, name="import_notes"),
    path("notes/<int:pk>/", notes.note, name="note"),
    path("notes/<int:pk>/edit/", notes.edit, name="edit_note"),
    path("notes/<int:pk>/delete/", notes.delete, name="delete_note"),
]

try_it_urls = [
    path("end-session/", try_it.end_session, name="end_session"),
    path("make-token-stale/", try_it.make_token_stale, name="make_token_stale"),
    path("mail/", mail.sent_mail, name="sent_mail"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("account/", views.account, name="account"),
    path("dashboard/", include(dashboard_urls)),
    path("admin/", admin.site.urls),
    # Before the include, so that it answers at the URL that `auth_ui:login` names.
    path("login/", LoginView.as_view(authentication_form=SignInForm)),
    path("", include("auth_ui.urls")),
    path("", include("auth_ui.recovery.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("try-it/", include(try_it_urls)))
