"""Serve a documented project under ASGI, at the port that is given, with ada and grace in it."""

import sys
from importlib import import_module

import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.management import call_command

PASSWORD = "lovelace-1815-engine"


def serve(port):
    application = import_module("mysite.asgi").application
    call_command("migrate", verbosity=0)
    users = import_module("django.contrib.auth").get_user_model().objects
    for name in ("ada", "grace"):
        users.create_user(name, password=PASSWORD)
    uvicorn.run(ASGIStaticFilesHandler(application), port=port, lifespan="off", log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
