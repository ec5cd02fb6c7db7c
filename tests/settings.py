import os

os.environ.setdefault("DEBUG", "1")

from site_config.settings import *  # noqa: F403
from site_config.settings import BASE_DIR, DATABASES

# Fast, since the tests sign in hundreds of times; the real hashers have tests of their own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, as in production: the browser's requests and the test each need their own connection.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "db.sqlite3.test"}
