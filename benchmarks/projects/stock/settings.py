"""Django's own LoginView, as its tutorials show it: with `form.as_p`."""

from projects.common import *

LOGIN_URL = "login"
ROOT_URLCONF = "projects.stock.urls"
TEMPLATES = templates(FOLDER / "stock/templates")
