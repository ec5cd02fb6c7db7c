"""Backends that a host may have beside its passwords."""

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.core.exceptions import PermissionDenied
from django.views.decorators.debug import sensitive_variables

from auth_ui.signals import name_person
from site_config.models import User

asked: list[str] = []  # which backends were asked, in their order


class TokenBackend(BaseBackend):
    def authenticate(self, request, token=None):
        asked.append("token")
        return User.objects.filter(username=token).first()

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id).first()


class PhoneBackend(BaseBackend):
    def authenticate(self, request, country=None, phone=None, password=None):
        asked.append("phone")
        if (country, phone, password) == ("44", "1815", "right"):
            return User.objects.get()

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id).first()


class DoorBackend(BaseBackend):
    """One password for everybody."""

    def authenticate(self, request, password=None):
        asked.append("door")
        return User.objects.get() if password == "sesame" else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id).first()


class NobodyBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None):
        asked.append("nobody")


class VetoBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None):
        asked.append("veto")
        raise PermissionDenied


class BrokenBackend(BaseBackend):
    @sensitive_variables()
    def authenticate(self, request, username=None, password=None, otp=None):
        asked.append("broken")
        raise RuntimeError("the directory is down")


class LastBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None):
        asked.append("last")
        return super().authenticate(request, username, password)


class FirstNameBackend(LastBackend):
    """Knows people by a name that the manager of their model does not."""

    def authenticate(self, request, username=None, password=None):
        user = User.objects.filter(first_name=username).first()
        return user if user and user.check_password(password) else None


class MistakenBackend(BaseBackend):
    """Takes everybody for Grace."""

    def authenticate(self, request, username=None, password=None):
        name_person(request, User.objects.get(username="grace"))
