import os

from django.core.wsgi import get_wsgi_application

from site_config import boundary

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")

application = boundary.wsgi(get_wsgi_application())
