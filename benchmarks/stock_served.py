"""The settings of a project with Django's own sign-in, served as the site is (crowd.py)."""

# isort: off
from stock_project import *  # noqa: F403
from stock_project import TEMPLATES
from site_config.settings import DATABASES  # noqa: F401
# isort: on

ALLOWED_HOSTS = ["localhost"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PASSWORD_HASHERS = ["auth_ui.hashers.Argon2idHasher"]  # as dear as the site's
# A page for whoever is signed in.
TEMPLATES[0]["OPTIONS"]["loaders"][0][1]["registration/password_change_form.html"] = "{{ form }}"
