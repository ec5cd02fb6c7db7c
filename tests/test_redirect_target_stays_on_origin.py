"""Every redirect target passes one gate. Signing out is its test bench: it needs no database."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from ada_url import URL
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import views as auth_views
from django.test import Client, RequestFactory
from django.urls import Resolver404, include, path, resolve
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import get_language
from hypothesis import example, given
from hypothesis import strategies as st

from auth_ui.navigation.targets import safe_target
from auth_ui.views import LoginView, LogoutView, SignedOutView
from tests.conftest import HTMX, plain_and_htmx
from tests.document import read

ORIGIN = "http://testserver"
DEFAULT = "/signed-out/"

GOOD = {
    "/": "/",
    "/account/": "/account/",
    "/account": "/account",
    "/dashboard/?a=1&b=2": "/dashboard/?a=1&b=2",
    "/dashboard/?to=https://evil.test/": "/dashboard/?to=https://evil.test/",
    "/dashboard/?next=/login/": "/dashboard/?next=/login/",
    "/account/#top": "/account/",
    "/#//evil.test": "/",
    "/account/#\\evil.test": "/account/",
    "/search/?q=C:\\Users\\ada": "/search/?q=C:%5CUsers%5Cada",
    "/search/?q=\\//evil.test": "/search/?q=%5C//evil.test",
    "/search/?q=%5C&r=\\": "/search/?q=%5C&r=%5C",
    "http://testserver/?\\@evil.test/": "http://testserver/?%5C@evil.test/",
    "/account/?#": "/account/?",
    "/login-help/": "/login-help/",
    "/en/login/": "/en/login/",
    "/logout/%3Fx": "/logout/%3Fx",
    "/caf\u00e9/?q=\u00e9": "/caf%C3%A9/?q=%C3%A9",
    "/caf%C3%A9/": "/caf%C3%A9/",
    "/a b/": "/a%20b/",
    "/@evil.test": "/@evil.test",
    "/http://evil.test": "/http://evil.test",
    "/a//b": "/a//b",
    "/..hidden/.well-known/": "/..hidden/.well-known/",
    "http://testserver": "http://testserver",
    "http://testserver/": "http://testserver/",
    "http://testserver/account/?a=1#x": "http://testserver/account/?a=1",
    "HTTP://testserver/account/": "HTTP://testserver/account/",
    "https://testserver/account/": "https://testserver/account/",
    "/" + "a" * 1999: "/" + "a" * 1999,
}
# Back to sign-in, however it is spelt: nowhere to go after signing in, a way on after signing out.
SIGN_IN = [
    "/login/",
    "/login",
    "/login//",
    "/login/?next=/account/",
    "/login/#x",
    "/login?next=/login/",
    "/%6cogin/",
    "/%6Cogin",
    "/login%2f",
    "http://testserver/login/",
    "http://testserver/%6cogin",
]

BAD = [
    "",
    " ",
    "account/",
    "./account/",
    "?next=/account/",
    "#top",
    "https://evil.test/",
    "http://evil.test",
    "http://testserver.evil.test/",
    "http://testserver@evil.test/",
    "http://user:password@testserver/",
    "http://@testserver/",
    "http://testserver:80@evil.test/",
    "http://testserver:8000/",
    "http://testserver:/",
    "http://TESTSERVER.evil.test/",
    "//evil.test/",
    "///evil.test/",
    "////evil.test/",
    "//testserver/account/",
    "http:///evil.test/",
    "http:/evil.test/",
    "http:evil.test/",
    "http:/account/",
    "https:account/",
    "http:\\\\evil.test/",
    "/\\evil.test/",
    "\\/evil.test/",
    "\\\\evil.test/",
    "/account\\..\\",
    "/account\\?q=1",
    "/\\evil.test/?q=1",
    "http://testserver\\@evil.test/?q=1",
    "http:\\\\evil.test/?q=1",
    "/?q=\\\n",
    "//\t/evil.test",
    "/\t/evil.test/",
    "\t//evil.test/",
    "/\n/evil.test/",
    "/\r/evil.test/",
    "/\x00/evil.test/",
    "/\x7f/evil.test/",
    "/\x85/evil.test/",
    "/account/\r\nSet-Cookie: a=b",
    "/\u2028/evil.test/",
    "\x08//evil.test/",
    "/.//evil.test/",
    "/a/..//evil.test/",
    "/%2e//evil.test/",
    "/%2f/evil.test/",
    "/%2Fevil.test/",
    " //evil.test/",
    " http://testserver/account/",
    "javascript:alert(1)",
    "JavaScript://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://testserver/",
    "file:///etc/passwd",
    "blob:http://testserver/",
    "mailto:ada@example.com",
    "http://[bad",
    "http://[::1",
    "//[bad/x",
    "http://test\u2100server/",
    "http://\u24d4vil.test/",
    "/" + "a" * 2000,
    "/account/#" + "a" * 2000,
    # Back to sign-out or signed-out, however it is spelt.
    "//login/",
    "/./login/",
    "/a/../login/",
    "/%2e/login/",
    "/a/%2E%2e/login/",
    "http://testserver//login/",
    "/logout/",
    "/logout",
    "/log%6fut/?x",
    "/signed-out/",
    "/signed-out",
    "/signed%2Dout/?next=/",
]


def sent(target, headers=None, **extra):
    """Return the target that the browser, or htmx, really gets."""
    response = Client().post("/logout/", {"next": target}, headers=headers, **extra)
    assert response.status_code == (200 if headers else 302)
    return response["HX-Redirect" if headers else "Location"]


@plain_and_htmx
@pytest.mark.parametrize(("target", "reached"), GOOD.items(), ids=map(repr, GOOD))
def test_good(target, reached, headers):
    assert sent(target, headers) == reached


@plain_and_htmx
@pytest.mark.parametrize("target", BAD, ids=lambda target: repr(target[:40]))
def test_bad(target, headers):
    assert sent(target, headers) == DEFAULT


@plain_and_htmx
@pytest.mark.parametrize("target", SIGN_IN)
def test_after_a_sign_out_the_sign_in_page_is_a_way_on(target, headers):
    assert sent(target, headers) == target.partition("#")[0]


@plain_and_htmx
def test_bad_is_not_offered_in_the_form_either(client, headers):
    pages = [client.get("/login/", {"next": target}, headers=headers) for target in BAD + SIGN_IN]

    offered = [field["value"] for page in pages for field in read(page).all("input", name="next")]
    assert offered == []


@plain_and_htmx
def test_https_does_not_lead_back_to_http(headers):
    reached = [
        sent(target, headers, secure=True)
        for target in ("http://testserver/", "https://testserver/", "/account/")
    ]

    assert reached == [DEFAULT, "https://testserver/", "/account/"]


@plain_and_htmx
def test_the_port_is_part_of_the_host(headers):
    reached = [
        sent(target, headers, HTTP_HOST="testserver:8000")
        for target in ("http://testserver:8000/", "http://testserver/")
    ]

    assert reached == ["http://testserver:8000/", DEFAULT]


CORPUS = (
    (Path(__file__).parent / "data" / "open-redirect.txt")
    .read_text()
    .replace("www.whitelisteddomain.tld", "testserver")
    .splitlines()
)


@plain_and_htmx
@pytest.mark.parametrize("decode", [str, unquote], ids=["as it is", "decoded"])
def test_the_corpus_of_hostile_targets(decode, headers):
    targets = [decode(line) for line in CORPUS]

    left = [target for target in targets if not stays(sent(target, headers))]

    assert (len(targets), left) == (240, [])


def stays(header):
    """Resolve a header as a browser does (WHATWG URL)."""
    return URL(header, base=f"{ORIGIN}/logout/").origin in (ORIGIN, "https://testserver")


PIECES = st.sampled_from(
    [
        *"/\\.:@?#%&=;[] -_~\t\r\n\x00\x0b\x1c\x7f\xa0\xad\u2028\u200e\u202e\u3002\uff0e\uff0f",
        "//", "http:", "https:", "HTTP://", "javascript:", "data:", "file:", "//testserver",
        "testserver", "evil.test", "login", "log%6fut", "signed-out", "account", "%2f", "%2F",
        "%5c", "%2e", "%09", "%00", "%E2%80%AE", "%ED%A0%80", "%", "%%", "\U0001f642", "\u2100",
    ]
)  # fmt: skip
TARGETS = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.lists(PIECES, max_size=6).map("".join).map("/{}".format),
    st.lists(PIECES, max_size=6).map("".join).map("http://testserver{}".format),
    st.text(max_size=40),
    st.text(max_size=40).map("/{}".format),
)


@given(target=TARGETS, headers=st.sampled_from([None, HTMX]))
@example(target="//\t/evil.test", headers=None)
@example(target="http://testserver/..//evil.test", headers=None)
@example(target="/%2e%2e/login/", headers=None)
@example(target="/account/../logout", headers=None)
def test_a_browser_stays_here_and_off_our_pages_whatever_comes(target, headers):
    header = sent(target, headers)

    assert stays(header)
    assert header == DEFAULT or not leads_back(header)


def leads_back(header):
    path = unquote(URL(header, base=f"{ORIGIN}/logout/").pathname)
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return getattr(view, "view_class", None) in (LoginView, LogoutView, SignedOutView)


ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@given(target=ANYTHING | ANYTHING.map("/{}".format) | ANYTHING.map("http://testserver{}".format))
@example(target="/\ud800")
@example(target="http://[")
@example(target="/%09/[x")
@example(target="/%0D/%E2%84%80")
@example(target="http://testserver/%0a/[")
def test_it_never_raises_and_only_takes_the_fragment_away(target):
    request = RequestFactory().get("/")

    accepted = safe_target(target, request=request, allowed_hosts={"testserver"})

    address, mark, query = target.partition("#")[0].partition("?")
    assert accepted in ("", address + mark + query.replace("\\", "%5C"))


@pytest.mark.parametrize("target", [None, "", "/"])
def test_nothing_leads_nowhere(target):
    request = RequestFactory().get("/")

    assert safe_target(target, request=request, allowed_hosts=set()) == (target or "")


class WithoutAuthUi:
    urlpatterns: list = []


def test_a_host_may_use_the_gate_without_our_pages(settings):
    settings.ROOT_URLCONF = WithoutAuthUi
    request = RequestFactory().get("/")

    assert safe_target("/login/", request=request, allowed_hosts=set()) == "/login/"


@plain_and_htmx
@pytest.mark.parametrize("target", ["/admin/login/", "/admin/logout", "/admin/logout/?next=/"])
def test_the_admin_s_own_are_sign_in_and_sign_out_too(target, headers):
    assert sent(target, headers) == DEFAULT


class InTwoLanguages:
    urlpatterns = [
        *i18n_patterns(
            path("accounts/", include("auth_ui.urls")),
            path("way-in/", auth_views.LoginView.as_view()),
            path("page/", SignedOutView.as_view()),
            prefix_default_language=False,
        ),
    ]


@plain_and_htmx
@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("/accounts/login/", "/accounts/login/"),
        ("/de/accounts/login/", "/de/accounts/login/"),
        ("/de/accounts/logout", "/accounts/signed-out/"),
        ("/de/accounts/signed-out/?x", "/accounts/signed-out/"),
        ("/de/way-in/", "/de/way-in/"),
        ("/de/page/", "/de/page/"),
        ("/page/", "/page/"),
    ],
)
def test_our_pages_are_known_in_every_language(settings, target, reached, headers):
    settings.ROOT_URLCONF = InTwoLanguages

    response = Client().post("/accounts/logout/", {"next": target}, headers=headers)

    assert response["HX-Redirect" if headers else "Location"] == reached


class InOneLanguage:
    """URLs that are translated, without the language in the path."""

    urlpatterns = [
        path(
            lazy(lambda: "konto/" if get_language() == "de" else "account/", str)(),
            include("auth_ui.urls"),
        )
    ]


@pytest.fixture
def own_language():
    """LocaleMiddleware leaves its language behind in the thread."""
    yield
    translation.deactivate()


@pytest.mark.usefixtures("own_language")
@pytest.mark.parametrize("target", ["/konto/logout/", "/account/logout/", "/konto/signed-out/?x"])
def test_our_pages_are_known_by_their_translated_addresses(settings, target):
    settings.ROOT_URLCONF = InOneLanguage
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware", *settings.MIDDLEWARE]

    german = {"Accept-Language": "de"}
    response = Client().post("/konto/logout/", {"next": target}, headers=german)

    assert response["Location"] == "/konto/signed-out/"
