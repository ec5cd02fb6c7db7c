"""A form in a popup of Django's admin that meets an ended session closes the popup in the end."""

from tests.session.conftest import end_session, post, sign_in, token_in

ADD = "/admin/auth/group/add/?_popup=1&_to_field=id"


def test_it_is_kept_with_the_fields_that_nobody_sees(visitor, grace):
    sign_in(visitor, "grace")
    assert visitor.get(ADD).status_code == 200
    end_session(visitor)
    values = {"name": "Editors", "_popup": "1", "_to_field": "id", "_save": "Save"}

    parked = post(visitor, ADD, values)
    sign_in(visitor, "grace")
    offer = visitor.get("/resume/").text

    assert parked["Location"] == "/login/?next=/resume/"
    assert '<input type="hidden" name="_popup" value="1">' in offer
    assert '<input type="hidden" name="_save" value="Save">' in offer
    assert "<dt>_popup</dt>" not in offer


def test_it_is_sent_as_it_was_with_the_button_that_was_pressed(here):
    end_session(here)
    post(here, "/dashboard/notes/add/", {"text": "x", "tag": ["b", "a"], "do": "publish"})
    sign_in(here, "ada")
    offer = here.get("/resume/").text

    fields = [
        part.split('">')[0]
        for part in offer.split('<input type="hidden" name="')[1:]
        if part.split('"')[0] in ("tag", "do", "text")
    ]
    assert fields == ['text" value="x', 'tag" value="b', 'tag" value="a', 'do" value="publish']
    assert token_in(here.get("/resume/"))
