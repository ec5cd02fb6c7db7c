"""auth_ui without the app that counts guesses."""

from projects.ours.settings import *

AUTHENTICATION_BACKENDS = ["auth_ui.backends.PasswordBackend"]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "auth_ui.lockout"]
