"""Whatever a visitor sends, a request is one line of production's access log (ASVS 16.4.1)."""

import http.client

from tests.production_server import environment, serve

SENT = [
    "/login/%0A[24/Nov/2026]%20127.0.0.1%20%22POST%20/FORGED%22%20200",
    "/login/%0D%1b[31mred%00",
    "/l%C3%B6gin/?with=a-query",
]


def test_access_log(tmp_path):
    log = tmp_path / "access.log"
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="tests.production")
    with serve(variables, log) as port:
        for path in SENT:
            visitor = http.client.HTTPConnection("localhost", port)
            visitor.request("GET", path, headers={"X-Request-ID": 'an "id"'})
            visitor.getresponse().read()
            visitor.close()

    # Either worker may have been the first to write.
    lines = sorted(line for line in log.read_text().splitlines() if '"GET' in line)
    assert sorted(line.partition('"GET ')[2].partition('"')[0] for line in lines) == [
        "/l%C3%B6gin/",
        "/login/%0A%5B24/Nov/2026%5D%20127.0.0.1%20%22POST%20/FORGED%22%20200",
        "/login/%0D%1b%5B31mred%00",
    ]
    assert [line.rpartition(" ")[2] for line in lines] == ["an%20%22id%22"] * 3
    assert "\x1b" not in log.read_text()
