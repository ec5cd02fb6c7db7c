"""The project under a path of its host, where the server has no option for that."""

import os

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
PREFIX = "/shop"
wsgi = get_wsgi_application()
asgi = get_asgi_application()


async def mounted(scope, receive, send):
    """Mount the project, as a router of ASGI applications does."""
    await asgi({**scope, "root_path": PREFIX}, receive, send)


def stripped(environ, start_response):
    """Take the prefix away, as a proxy does; FORCE_SCRIPT_NAME tells Django of it."""
    path = environ["PATH_INFO"].removeprefix(PREFIX)
    return wsgi({**environ, "PATH_INFO": path}, start_response)
