"""A project that has no URL of ours."""

urlpatterns = []
