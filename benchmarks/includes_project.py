"""The settings of a host's project with a page that looks at who is signed in, for includes.py."""

ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "auth_ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "auth_ui.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auth_ui.middleware.AuthUIMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
STOCK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "__main__"
SECRET_KEY = "of a project that only exists in the benchmarks"
LOGIN_URL = "auth_ui:login"
LOGIN_REDIRECT_URL = "/bare/"
CSRF_FAILURE_VIEW = "auth_ui.csrf.csrf_failure"
STATIC_URL = "/static/"

PAGE = """<!doctype html>
<html lang="en">
  <head><title>{{ title }}</title>%s</head>
  <body>%s<h1>{{ title }}</h1>
    {%% if user.is_authenticated %%}<p>Hello {{ user.first_name }}</p>{%% endif %%}
    <ul>{%% for line in lines %%}<li>{{ line }}</li>{%% endfor %%}</ul>%s</body>
</html>"""
INCLUDE = '{%% include "auth_ui/%s.html" %%}'
INCLUDES = tuple(INCLUDE % name for name in ("head", "account", "dialog"))
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        (
                            "django.template.loaders.locmem.Loader",
                            {"bare.html": PAGE % ("", "", ""), "included.html": PAGE % INCLUDES},
                        ),
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
