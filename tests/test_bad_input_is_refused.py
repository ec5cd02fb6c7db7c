import json
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from auth_ui.accounts.users import meant_name
from auth_ui.lockout.conf import DEFAULT_LIMITS
from tests.conftest import HTMX, IN_CI, PASSWORD, plain_and_htmx
from tests.document import read

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1024 * 1024
RIGHT = {"username": "ada", "password": PASSWORD}
NAUGHTY = json.loads((Path(__file__).parent / "data" / "naughty_strings.json").read_text())
OUT_OF_DATE = "This page is out of date"
NOT_ACCEPTED = "The server did not accept this"
WRONG = "That name and password do not match. Check both and try again."


def errors(response):
    """Return the words of the error summary."""
    assert response.status_code == 200
    return [link.text for link in read(response).all("a") if link["href"].startswith("#auth_ui_")]


def refusal(response):
    """Return the status and the heading of an error page or fragment."""
    document = read(response)
    heading = document.one("strong" if document.pieces == [("div", None, None)] else "h1")
    return response.status_code, heading.text


@plain_and_htmx
@pytest.mark.parametrize("character", ["a", "ﷺ", "\u0390", "\x00", "\n", " a", "<", "\U0001f642"])
@pytest.mark.parametrize("field", ["username", "password"])
def test_a_megabyte_is_never_hashed(client, ada, hashed, field, character, headers):
    typed = character * (MEGABYTE // len(character.encode()))
    started = time.process_time()

    response = client.post("/login/", {**RIGHT, field: typed}, headers=headers)

    assert time.process_time() - started < 1  # second
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert hashed == []


@plain_and_htmx
@pytest.mark.parametrize("target", ["/" + "a" * MEGABYTE, "/" * MEGABYTE, "é" * (MEGABYTE // 2)])
def test_a_megabyte_of_next_leads_to_the_default(client, ada, target, headers):
    started = time.process_time()

    response = client.post("/login/", {**RIGHT, "next": target}, headers=headers)

    assert time.process_time() - started < 1  # second
    assert "/dashboard/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
@pytest.mark.parametrize("url", ["/", "/login/", "/logout/", "/dashboard/", "/admin/login/"])
def test_a_megabyte_in_the_address_is_a_page(client, url, headers):
    started = time.process_time()

    response = client.get(url, {"next": "/" + "%" * (MEGABYTE // 3)}, headers=headers)

    assert time.process_time() - started < 1  # second
    assert response.status_code in (200, 400, 405)
    assert read(response).texts("h1") or read(response).texts(role="alert")


@pytest.mark.parametrize("name", ["HX-Current-URL", "Accept", "Accept-Language", "HX-Target"])
def test_a_hundred_kilobytes_in_a_header_are_a_form(client, name):
    started = time.process_time()

    response = client.get("/login/", headers={**HTMX, name: "a-" * 50_000})

    assert time.process_time() - started < 1  # second
    assert response.status_code == 200
    assert len(read(response).all("form")) == 1


CHARACTERS = {
    "a null byte": ("%00", "Null characters are not allowed."),
    "a lone surrogate": ("%ED%A0%80", WRONG),
    "not UTF-8": ("%FF%FE%C3", WRONG),
    "CR LF": ("%0D%0ASet-Cookie:%20a=b", WRONG),
    "a right-to-left override": ("%E2%80%AE", WRONG),
    "a right-to-left mark": ("%E2%80%8F", WRONG),
    "a byte order mark": ("%EF%BB%BF", WRONG),
    "an escape sequence": ("%1B%5B2J", WRONG),
    "half an escape": ("%", WRONG),
    "an astral character": ("%F0%9F%99%82", WRONG),
}


@plain_and_htmx
@pytest.mark.parametrize(("encoded", "words"), CHARACTERS.values(), ids=CHARACTERS)
@pytest.mark.parametrize("field", ["username", "password"])
def test_odd_characters_get_words(client, ada, field, encoded, words, headers):
    other = "password" if field == "username" else "username"
    body = f"{field}=x{encoded}x&{other}=wrong&next=/account/"

    response = client.post("/login/", body, FORM, headers=headers)

    assert errors(response) == [words]
    assert read(response).one("input", name="next")["value"] == "/account/"


@plain_and_htmx
@pytest.mark.parametrize("encoded", [encoded for encoded, _ in CHARACTERS.values()])
def test_odd_characters_in_next_lead_nowhere_else(client, ada, encoded, headers):
    body = f"username=ada&password={PASSWORD}&next=//{encoded}/evil.test"

    response = client.post("/login/", body, FORM, headers=headers)

    assert "/dashboard/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))
    own = {"sessionid_browser", "auth_ui_user"}
    assert response.cookies.keys() == {"csrftoken", "sessionid", *own}


TOKENS = ["", "x", "a" * 31, "a" * 32, "a" * 64, "a" * 65, "\x00" * 64, "é" * 64, "a" * MEGABYTE]


@plain_and_htmx
@pytest.mark.parametrize("token", [None, *TOKENS], ids=lambda token: repr(token)[:8])
def test_a_bad_token_is_refused_with_a_page(ada, hashed, token, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    data = RIGHT if token is None else {**RIGHT, "csrfmiddlewaretoken": token}

    response = client.post("/dashboard/notes/add/", data, headers=headers)

    is_token = token in ("a" * 32, "a" * 64)
    assert refusal(response) == (403, OUT_OF_DATE if is_token else NOT_ACCEPTED)


@plain_and_htmx
@pytest.mark.parametrize("token", [None, *TOKENS], ids=lambda token: repr(token)[:8])
def test_a_bad_token_at_sign_in_checks_no_password(ada, hashed, token, headers):
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    data = RIGHT if token is None else {**RIGHT, "csrfmiddlewaretoken": token}

    response = client.post("/login/", data, headers=headers)

    assert refusal(response) == (200 if headers else 403, "Sign in")
    assert hashed == []


@plain_and_htmx
@pytest.mark.parametrize("origin", ["null", "https://evil.test", "http://testserver:81", ""])
def test_a_form_on_another_site_is_refused(ada, origin, headers):
    client = Client(enforce_csrf_checks=True)
    token = read(client.get("/login/")).one("input", name="csrfmiddlewaretoken")["value"]
    data = {**RIGHT, "csrfmiddlewaretoken": token}

    response = client.post("/login/", data, headers={**headers, "Origin": origin})

    assert refusal(response) == (403, NOT_ACCEPTED)


@plain_and_htmx
def test_a_good_token_is_not(ada, headers):
    client = Client(enforce_csrf_checks=True)
    form = read(client.get("/login/", headers=headers))
    token = form.one("input", name="csrfmiddlewaretoken")["value"]

    client.post("/login/", {**RIGHT, "csrfmiddlewaretoken": token}, headers=headers)

    assert client.session["_auth_user_id"] == str(ada.pk)


@plain_and_htmx
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("url", ["/login/", "/logout/", "/signed-out/", "/dashboard/"])
def test_another_method_needs_a_token_first(ada, method, url, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = getattr(client, method)(url, json.dumps(RIGHT), headers=headers)

    assert refusal(response) == (403, NOT_ACCEPTED)


NO_FORM = {
    "JSON": (json.dumps(RIGHT), "application/json"),
    "broken JSON": ('{"username": ', "application/json"),
    "text": ("username=ada", "text/plain"),
    "XML": ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "text/xml"),
    "bytes": (b"\x00\xff" * 100, "application/octet-stream"),
    "no type": (b"username=ada&password=x", ""),
    "nonsense for a type": (b"username=ada&password=x", "a;b=c;;=\x7f/\\"),
    "an empty form": ("", FORM),
    "no fields": ("&&==&=&;", FORM),
    "an end without a beginning": (f"--{BOUNDARY}--\r\n", MULTIPART_CONTENT),
}


@plain_and_htmx
@pytest.mark.parametrize(("body", "content_type"), NO_FORM.values(), ids=NO_FORM)
def test_a_body_that_is_not_a_form_is_an_empty_form(client, body, content_type, headers):
    response = client.generic("POST", "/login/", body, content_type, headers=headers)

    assert errors(response) == ["Fill in “Username or e-mail”.", "Fill in “Password”."]


MALFORMED = {
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "a boundary that is none": (b"--x\r\n", "multipart/form-data; boundary=\xe9"),
    "a long boundary": (b"--x\r\n", "multipart/form-data; boundary=" + "x" * 202),
    "broken base64": (
        b"--x\r\nContent-Disposition: form-data; name=username; filename=f\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\na\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "another encoding": (b"username=ada", f"{FORM}; charset=utf-16"),
    "too many fields": ("&".join(f"f{n}=" for n in range(1001)), FORM),
    "too many parts": (
        encode_multipart(BOUNDARY, {f"f{n}": "" for n in range(1001)}),
        MULTIPART_CONTENT,
    ),
    "too many files": (
        encode_multipart(BOUNDARY, {f"f{n}": SimpleUploadedFile("f", b"x") for n in range(101)}),
        MULTIPART_CONTENT,
    ),
    "three megabytes": (b"username=" + b"a" * 3 * MEGABYTE, FORM),
}


@plain_and_htmx
@pytest.mark.parametrize(("body", "content_type"), MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("url", ["/login/", "/logout/"])
def test_a_malformed_form_is_refused_with_a_page(client, hashed, url, body, content_type, headers):
    response = client.generic("POST", url, body, content_type, headers=headers)

    assert refusal(response) == (400, "That request could not be read")
    assert hashed == []


@plain_and_htmx
@pytest.mark.parametrize("length", ["x", "-1", "0", ""])
def test_a_wrong_content_length_is_an_empty_form(client, length, headers):
    response = client.post("/login/", RIGHT, headers=headers, CONTENT_LENGTH=length)

    assert response.status_code in (200, 400)
    assert response.content.strip()


@plain_and_htmx
def test_of_repeated_fields_the_last_counts(client, ada, headers):
    data = {
        "username": ["nobody", "ada"],
        "password": ["wrong", PASSWORD],
        "next": ["//evil.test/", "/account/"],
    }

    response = client.post("/login/", data, headers=headers)

    assert "/account/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
@pytest.mark.parametrize(
    ("field", "words"),
    [("username", "Fill in “Username or e-mail”."), ("password", "Fill in “Password”.")],
)
def test_a_file_is_not_a_name_or_a_password(client, hashed, field, words, headers):
    data = {**RIGHT, field: SimpleUploadedFile("ada", b"ada")}

    response = client.post("/login/", data, headers=headers)

    assert errors(response) == [words]
    assert hashed == []


@plain_and_htmx
def test_a_file_is_not_a_way_on(client, ada, headers):
    data = {**RIGHT, "next": SimpleUploadedFile("next", b"//evil.test/")}

    response = client.post("/login/", data, headers=headers)

    assert "/dashboard/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
@pytest.mark.parametrize(
    "value",
    ["x", "a" * 10_000, "../../etc/passwd", "\x7f", "é", '"', "a" * 32, "%00", '"aaaaaaaa\\000"'],
)
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
def test_a_broken_cookie_is_no_cookie(client, name, value, headers):
    response = client.get("/login/", headers=headers, HTTP_COOKIE=f"{name}={value}")

    assert response.status_code == 200
    assert len(read(response).all("input", name="password")) == 1


@plain_and_htmx
@pytest.mark.parametrize(
    "path", ["/%00", "/%0d%0aSet-Cookie:a=b", "/%1b[2J", "/%ff", "/%ED%A0%80/", "/" + "a" * 9000]
)
def test_an_odd_address_is_not_found(client, path, headers):
    response = client.get(path, headers=headers)

    assert refusal(response) == (404, "There is no page here")
    assert "Set-Cookie" not in response


def test_an_address_with_two_slashes_stays_here(client):
    response = client.get("//evil.test/x")

    assert response.status_code == 404


@plain_and_htmx
def test_naughty_strings_break_nothing_in_the_page(client, hashed, settings, headers):
    # Some of them are one name, spelled differently.
    settings.AUTH_UI_LOCKOUT_LIMITS = dict.fromkeys(DEFAULT_LIMITS, len(NAUGHTY) + 2)
    usual = read(client.post("/login/", {"username": "x", "password": "y"}, headers=headers))
    tags = [element.tag for element in usual.elements]

    # The whole page holds the same form, so a quarter of the strings will do there, or in a hurry.
    for text in NAUGHTY[1:] if headers and IN_CI else NAUGHTY[1::4]:
        typed = {"username": text, "password": text, "next": text}
        response = client.post("/login/", typed, headers=headers)

        document = read(response)
        next_field = document.all("input", name="next")
        rest = [element.tag for element in document.elements if element not in next_field]
        assert (response.status_code, rest) == (200, tags), text
        assert document.one("input", name="username").attrs.get("value", "") == meant_name(text)
        assert "value" not in document.one("input", name="password").attrs
        assert [field["value"] for field in next_field] in ([], [text.partition("#")[0]])
    assert len(hashed) <= len(NAUGHTY)


def test_naughty_strings_as_a_password_let_their_owner_in(client, ada):
    for text in NAUGHTY[1::20]:
        ada.set_password(text)
        ada.save()
        client.logout()

        client.post("/login/", {"username": "ada", "password": text})

        assert client.session["_auth_user_id"] == str(ada.pk), text
