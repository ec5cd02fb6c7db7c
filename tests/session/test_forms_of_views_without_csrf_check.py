"""A view that is exempt from the CSRF check gets its form as it would without our middleware."""

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse
from django.test.client import MULTIPART_CONTENT
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from site_config.urls import urlpatterns as site_urls
from tests.session.conftest import sign_in

FORM = "application/x-www-form-urlencoded"


@csrf_protect
def receive(request):
    return HttpResponse(f"{request.POST.get('text')} {len(request.FILES)}")


@csrf_exempt
def upload(request):
    """Set handlers before the check reads the form, as Django's documentation shows."""
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return receive(request)


@csrf_exempt
def read(request):
    return HttpResponse(request.read())


@csrf_exempt
def ignore(request):
    return HttpResponse("done")


urlpatterns = [
    path("upload/", upload),
    path("read/", read),
    path("ignore/", ignore),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def test_a_view_may_set_its_upload_handlers(here):
    token = here.cookies["csrftoken"].value

    response = here.post("/upload/", f"text=x&csrfmiddlewaretoken={token}", content_type=FORM)

    assert response.text == "x 0"


def test_a_view_may_read_the_body(here):
    assert here.post("/read/", "text=x", content_type=FORM).text == "text=x"


@pytest.mark.parametrize("length", ["", "-5", "x", "²", "٣", "9" * 5000])
def test_a_length_that_is_none_is_no_error(here, length):
    response = here.generic("POST", "/ignore/", b"text=x", FORM, CONTENT_LENGTH=length)

    assert response.text == "done"


def test_half_a_letter_is_nobody_s_tag(here):
    """Some charsets can write one, which no UTF-8 can hold."""
    token = here.cookies["csrftoken"].value
    boundary = MULTIPART_CONTENT.partition("boundary=")[2]
    lines = []
    for name, value in {"csrfmiddlewaretoken": token, "auth_ui_person": r"\ud800"}.items():
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"', "", value]
    body = "\r\n".join([*lines, f"--{boundary}--", ""])

    response = here.generic(
        "POST", "/dashboard/notes/add/", body, f"{MULTIPART_CONTENT}; charset=unicode_escape"
    )

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")


@pytest.mark.parametrize("size", [10, 64 * 1024 - 100])
def test_a_small_form_of_another_user_s_page_is_refused(here, grace, size):
    token = here.cookies["csrftoken"].value
    sign_in(here, "grace")

    body = f"text={'x' * size}&csrfmiddlewaretoken={token}"

    assert here.post("/ignore/", body, content_type=FORM).status_code == 409
