"""A host project with a user model of its own, and with our tables in another database."""

from tests.host.settings import *  # noqa: F403
from tests.host.settings import INSTALLED_APPS as APPS

INSTALLED_APPS = ["tests.host.people", *APPS]
AUTH_USER_MODEL = "people.Member"
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    "ours": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:ours?mode=memory&cache=shared"},
}


class Router:
    """Keeps what is auth_ui's in a database of its own."""

    def db_for_read(self, model, **hints):
        return "ours" if model._meta.app_label == "auth_ui" else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (db == "ours") == (app_label == "auth_ui")


DATABASE_ROUTERS = ["tests.host.two_databases.Router"]
