from django.urls import path

from pages.views import notes

urlpatterns = [path("notes/", notes, name="notes")]
