from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    name = "site_config"
    default = True


class SiteAdminConfig(admin_apps.AdminConfig):
    default_site = "site_config.admin_site.SiteAdmin"
    default = False
