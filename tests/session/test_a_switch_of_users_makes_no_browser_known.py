"""Staff who sign in as somebody else, with django-hijack or django-loginas, make no browser known.

The browser is not that user's: nothing of it may count for them, neither in their list of browsers
nor where guesses are counted. Who signs in with a password makes it known as ever.
"""

import pytest
from django.contrib.auth import alogin, authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView as StockLoginView
from django.http import HttpResponse
from django.urls import include, path

from auth_ui.continuity.known import is_known
from auth_ui.lockout.models import Counter
from auth_ui.models import KnownBrowser
from site_config.models import Note, User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, PASSWORD
from tests.session.conftest import end_session, post, sign_in, tag_in


def switch(request):
    """Switch as a project's own view does, which looks at who asks."""
    assert request.user.is_authenticated
    login(request, User.objects.get(username=request.GET["to"]), backend=BACKEND)
    return HttpResponse("switched")


async def async_switch(request):
    assert (await request.auser()).is_authenticated
    user = await User.objects.aget(username=request.GET["to"])
    await alogin(request, user, backend=BACKEND)
    return HttpResponse("switched")


@login_not_required
def blind_switch(request):
    login(request, User.objects.get(username="ada"), backend=BACKEND)
    return HttpResponse("switched")


def switch_by_own_password(request):
    """Ask staff for their own password first, as some do before a switch."""
    assert authenticate(request, username="grace", password=request.POST["password"])
    return switch(request)


@login_not_required
def own_sign_in(request):
    user = authenticate(request, **{name: request.POST[name] for name in ("username", "password")})
    login(request, user)
    return HttpResponse("in")


urlpatterns = [
    path("hijack/", include("hijack.urls")),
    path("as/", include("loginas.urls")),
    path("switch/", switch),
    path("blind-switch/", blind_switch),
    path("async-switch/", async_switch),
    path("asked-switch/", switch_by_own_password),
    path("own-sign-in/", own_sign_in),
    path("stock/", StockLoginView.as_view()),
    *site_urls,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def packages(settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "hijack", "loginas"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "hijack.middleware.HijackUserMiddleware"]


@pytest.fixture
def staff(visitor, ada, grace):
    """Give a browser in which Grace, who is staff, is signed in."""
    sign_in(visitor, "grace")
    return visitor


def hijack(client, user):
    return post(client, "/hijack/acquire/", {"user_pk": user.pk})


def release(client):
    return post(client, "/hijack/release/")


def log_in_as(client, user):
    return post(client, f"/as/login/user/{user.pk}/")


def log_out_as(client):
    return client.get("/as/logout/")


both = pytest.mark.parametrize(
    ("take", "give_back"), [(hijack, release), (log_in_as, log_out_as)], ids=["hijack", "loginas"]
)


def user_in(client):
    return User.objects.get(pk=client.session["_auth_user_id"]).username


def known_users():
    return sorted(User.objects.get(pk=row.user).username for row in KnownBrowser.objects.all())


@both
def test_neither_the_switch_nor_the_way_back_changes_what_is_known(staff, ada, take, give_back):
    before = list(KnownBrowser.objects.values())

    take(staff, ada)
    assert user_in(staff) == "ada"
    staff.get("/dashboard/")
    give_back(staff)
    assert user_in(staff) == "grace"
    staff.get("/dashboard/")

    assert list(KnownBrowser.objects.values()) == before
    assert known_users() == ["grace"]


@both
def test_it_stays_unknown_where_our_cookies_are_lost_on_the_way(staff, ada, take, give_back):
    """A session that is older than our cookies makes a browser known; this one is not older."""
    take(staff, ada)
    del staff.cookies["sessionid_browser"], staff.cookies["auth_ui_user"]

    staff.get("/dashboard/")

    assert known_users() == ["grace"]
    assert user_in(staff) == "ada"


@both
def test_guesses_at_the_user_are_not_let_in_by_it(staff, ada, rf, take, give_back):
    take(staff, ada)
    request = rf.get("/")
    request.COOKIES = {name: morsel.value for name, morsel in staff.cookies.items()}

    assert not is_known(request, ada)
    assert not Counter.objects.filter(user=str(ada.pk)).exists()


@both
def test_pages_follow_in_both_directions(staff, ada, take, give_back):
    of_grace = {"Auth-UI-Person": tag_in(staff)}
    take(staff, ada)
    of_ada = {"Auth-UI-Person": tag_in(staff)}
    as_ada = [staff.get("/dashboard/", headers=page).status_code for page in (of_grace, of_ada)]
    give_back(staff)
    as_grace = [staff.get("/dashboard/", headers=page).status_code for page in (of_grace, of_ada)]

    assert of_grace != of_ada
    assert (as_ada, as_grace) == ([409, 200], [200, 409])


@both
def test_forms_are_saved_as_whom_the_page_shows(staff, ada, grace, take, give_back):
    take(staff, ada)
    post(staff, "/dashboard/notes/add/", {"text": "as ada"})
    give_back(staff)
    post(staff, "/dashboard/notes/add/", {"text": "as grace"})

    notes = {note.text: note.owner.username for note in Note.objects.all()}
    assert notes == {"as ada": "ada", "as grace": "grace"}


@both
def test_it_is_recorded_as_a_switch(staff, ada, grace, lines, take, give_back):
    lines()
    take(staff, ada)
    [taken] = lines()
    give_back(staff)
    [back] = [line for line in lines() if line["event"] != "signed_out"]

    events = [(line["event"], line["person"], line["before"]) for line in (taken, back)]
    assert events == [
        ("user_switched", str(ada.pk), str(grace.pk)),
        ("user_switched", str(grace.pk), str(ada.pk)),
    ]


@both
def test_the_name_is_not_filled_in_when_that_session_ends(staff, ada, take, give_back):
    take(staff, ada)
    end_session(staff)

    assert 'value="ada"' not in staff.get("/login/?next=/dashboard/").text


@pytest.mark.parametrize("url", ["/switch/?to=ada", "/async-switch/?to=ada"])
def test_a_project_s_own_switch_makes_none_known(staff, url):
    staff.get("/dashboard/")
    staff.get(url)

    assert (user_in(staff), known_users()) == ("ada", ["grace"])


def test_a_posted_switch_that_looks_at_nobody_makes_none_known(unguarded, staff):
    post(staff, "/blind-switch/")

    assert (user_in(staff), known_users()) == ("ada", ["grace"])


def test_a_first_sign_in_makes_it_known_without_a_password(visitor, ada):
    """By a passkey, say, or a link in a mail."""
    visitor.get("/blind-switch/")

    assert (user_in(visitor), known_users()) == ("ada", ["ada"])


def test_the_password_of_who_switches_is_not_that_of_the_user(staff):
    post(staff, "/asked-switch/?to=ada", {"password": PASSWORD})

    assert (user_in(staff), known_users()) == ("ada", ["grace"])


def test_with_tokens_in_sessions_a_switch_is_one_too(ada, grace, visitor, settings):
    settings.CSRF_USE_SESSIONS = True
    sign_in(visitor, "grace")

    visitor.get("/switch/?to=ada")

    assert (user_in(visitor), known_users()) == ("ada", ["grace"])


@pytest.mark.parametrize("url", ["/login/", "/own-sign-in/", "/stock/"])
@pytest.mark.parametrize("has_counter", [True, False])
def test_a_sign_in_over_another_session_makes_it_known(staff, settings, url, has_counter):
    """Two people share a device, and the first has not signed out."""
    if not has_counter:
        settings.AUTHENTICATION_BACKENDS = [BACKEND]

    post(staff, url, {"username": "ada", "password": PASSWORD})

    assert (user_in(staff), known_users()) == ("ada", ["ada", "grace"])


def test_our_page_makes_it_known_whatever_checks_the_password(staff, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

    post(staff, "/login/", {"username": "ada", "password": PASSWORD})

    assert (user_in(staff), known_users()) == ("ada", ["ada", "grace"])


def test_where_the_counter_alone_is_ours_it_is_known_too(staff, settings):
    settings.AUTHENTICATION_BACKENDS = [
        "auth_ui.lockout.backends.LockoutBackend",
        "django.contrib.auth.backends.ModelBackend",
    ]

    post(staff, "/stock/", {"username": "ada", "password": PASSWORD})

    assert (user_in(staff), known_users()) == ("ada", ["ada", "grace"])
