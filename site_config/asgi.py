import os

from django.core.asgi import get_asgi_application

from site_config import boundary

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")

application = boundary.asgi(get_asgi_application())
