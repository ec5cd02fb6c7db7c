import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    """A user whose key is no number, and who signs in by e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]
