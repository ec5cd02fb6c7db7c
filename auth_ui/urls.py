from django.urls import path

from auth_ui.views import LoginView, LogoutView, ResumeView, SignedOutView, token, words

app_name = "auth_ui"

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("signed-out/", SignedOutView.as_view(), name="signed_out"),
    path("resume/", ResumeView.as_view(), name="resume"),
    path("csrf-token/", token, name="token"),
    path("words/<language>/<version>/", words, name="words"),
]
