from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend


class EmailBackend(ModelBackend):
    """Sign a user of Django's own model in by e-mail address, as many tutorials do."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        try:
            user = get_user_model().objects.get(email__iexact=username)
        except get_user_model().DoesNotExist:
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
