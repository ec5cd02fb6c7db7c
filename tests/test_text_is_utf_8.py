"""What is not UTF-8 is no form, on the server that production runs: nothing decodes as it is told.

Django does, before its first middleware, so its test client cannot see what became of it.
"""

import codecs
import http.client
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test.client import encode_multipart

from site_config.asgi import application
from site_config.wsgi import application as wsgi_application
from tests.conftest import run
from tests.production_server import environment, serve

CHARSETS = [
    "rot13", "hex", "zlib", "idna", "undefined", "punycode", "utf-7", "unicode_escape",
    "raw_unicode_escape", "utf-16", "latin-1", "no-such-charset", "",
]  # fmt: skip
UNREADABLE = [
    *(f"multipart/form-data; boundary=x; charset={charset}" for charset in CHARSETS),
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=x; charset*=no-such-charset''utf-8",
]
READABLE = [
    "application/x-www-form-urlencoded",
    'application/x-www-form-urlencoded; charset="Utf-8"',
    "multipart/form-data; boundary=x; charset=utf8",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=x; charset=UTF-8",
    "application/x-www-form-urlencoded; charset=utf-8",
]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    variables = environment(folder, DJANGO_SETTINGS_MODULE="tests.production")
    with serve(variables, folder / "log") as port:
        yield port


def visit(port, method, content_type, token=""):
    fields = {"username": "+2AA-", "csrfmiddlewaretoken": token}
    is_multipart = content_type.startswith("multipart")
    body = encode_multipart("x", fields) if is_multipart else urlencode(fields)
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Host": "localhost",
        "X-Forwarded-Proto": "https",
        "Origin": "https://localhost",
        "Cookie": f"__Host-csrftoken={token}",
        "Content-Type": content_type,
    }
    visitor.request(method, "/login/?next=/", body if method == "POST" else None, headers)
    response = visitor.getresponse()
    response.text = response.read().decode()
    visitor.close()
    return response


@pytest.mark.parametrize("content_type", [*UNREADABLE, *READABLE])
def test_a_page_is_shown_whatever_the_request_says_of_a_body(port, content_type):
    response = visit(port, "GET", content_type)

    assert response.status == 200
    assert 'name="username"' in response.text


@pytest.mark.parametrize("content_type", UNREADABLE)
def test_a_form_in_another_charset_is_none(port, content_type):
    response = visit(port, "POST", content_type, token="a" * 32)

    assert response.status == 403
    assert "<h1" in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("content_type", READABLE)
def test_a_form_in_utf_8_is_one(port, content_type):
    response = visit(port, "POST", content_type, token="a" * 32)

    assert response.status == 200
    assert 'value="+2AA-"' in response.text


SPLIT = ['application/x-www-form-urlencoded; a="x', 'b; "c;charset=rot13']


@pytest.mark.parametrize("content_types", [[line] for line in [*UNREADABLE, *READABLE]] + [SPLIT])
def test_the_asynchronous_server_shows_the_page_too(content_types):
    lines = [(b"content-type", line.encode()) for line in content_types]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/login/",
        "query_string": b"next=/",
        "headers": [(b"host", b"testserver"), *lines],
    }

    async def ask():
        server = ApplicationCommunicator(application, scope)
        await server.send_input({"type": "http.request"})
        start = await server.receive_output(timeout=10)
        await server.wait(timeout=10)
        return start

    assert run(ask())["status"] == 200


@pytest.fixture
def looked_up():
    """Return the names of codecs that Python has been asked for and does not know.

    It keeps them all, as it keeps those that it knows.
    """
    names = []
    codecs.register(names.append)
    yield names
    codecs.unregister(names.append)


@pytest.mark.parametrize(
    "parameter",
    ["charset=new-{}", "charset*=new-{}''utf-8", "boundary*=new-{}''x", "a*0*=new-{}''x"],
)
def test_no_name_of_a_charset_stays_in_memory(db, looked_up, parameter):
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        line = f"{kind}; {parameter.format(kind[:5])}"
        environ = {"PATH_INFO": "/login/", "HTTP_HOST": "testserver", "CONTENT_TYPE": line}
        setup_testing_defaults(environ)
        wsgi_application(environ, lambda status, headers: None).close()

    assert looked_up == []
