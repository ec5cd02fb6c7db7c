from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from site_config.models import Note, User

admin.site.register(User, UserAdmin)
admin.site.register(Note)
