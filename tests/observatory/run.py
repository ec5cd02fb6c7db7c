"""Scan every page of the production site, signed out and in, with the MDN HTTP Observatory.

Offline: over HTTPS on loopback, under an authority that is made for this run and forgotten.
"""

import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.observatory.front import Front
from tests.production_server import CREDENTIALS, environment, prepare, serve

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules" / "@mdn" / "mdn-http-observatory"
SIGNED_OUT = ["/login/", "/", "/signed-out/", "/login/?next=/account/"]
SIGNED_IN = ["/", "/dashboard/", "/dashboard/notes/add/", "/account/", "/resume/", "/login/"]
WANTED = {"score": 140, "grade": "A+", "passed": 10}


def install() -> None:
    """Install the scanner as it is locked, without what it would download by itself."""
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=HERE,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (PACKAGE / "conf" / "hsts-preload.json").write_text("{}")
    (PACKAGE / "conf" / "tld-list.json").write_text("[]")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost that is its own authority; return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate_file, key_file


class Browser:
    """Keeps each Set-Cookie header whole, for the scanner to judge."""

    def __init__(self, port: int, authority: Path) -> None:
        self.origin = f"https://localhost:{port}"
        self.port = port
        self.context = ssl.create_default_context(cafile=authority)
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context)
        headers = {
            "Cookie": "; ".join(cookie.partition(";")[0] for cookie in self.cookies.values()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
        }
        connection.request(method, path, urlencode(form or {}), headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self.cookies[cookie.partition("=")[0]] = cookie
        return response.status

    def sign_in(self) -> None:
        _, _, token = self.cookies["__Host-csrftoken"].partition(";")[0].partition("=")
        form = {**CREDENTIALS, "csrfmiddlewaretoken": token}
        assert self.request("POST", "/login/", form) == 302


def pages(browser: Browser) -> list[dict[str, object]]:
    """Return what to scan: the paths, each with the cookies that a visitor has by then."""
    browser.request("GET", "/login/")
    signed_out = list(browser.cookies.values())
    browser.sign_in()
    signed_in = list(browser.cookies.values())
    return [
        *({"path": path, "cookies": signed_out} for path in SIGNED_OUT),
        *({"path": path, "cookies": signed_in} for path in SIGNED_IN),
    ]


def scan(port: int, browser: Browser, authority: Path) -> list[dict]:
    run = subprocess.run(
        ["node", HERE / "scan.mjs"],
        input=json.dumps({"port": port, "pages": pages(browser)}),
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(authority)},
        cwd=HERE,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def is_wanted(result: dict) -> bool:
    landed = result["path"].partition("?")[0] == result["landed"]
    return (
        landed
        and result["status"] == 200
        and result["score"] >= WANTED["score"]
        and result["grade"] == WANTED["grade"]
        and result["passed"] == WANTED["passed"]
    )


def main() -> None:
    install()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate, key = make_certificate(folder)
        variables = environment(folder, WEB_CONCURRENCY="1")
        prepare(variables)
        tls_arguments = (f"--certfile={certificate}", f"--keyfile={key}")
        with (
            serve(variables, folder / "tls.log", *tls_arguments) as tls,
            serve(variables, folder / "plain.log") as plain,
        ):
            front = Front(plain=plain, tls=tls)
            results = scan(front.port, Browser(front.port, certificate), certificate)
    for number, result in enumerate(results):
        who = "signed out" if number < len(SIGNED_OUT) else "signed in"
        print(
            f"{result['score']:4} {result['grade']:3} {result['passed']:2}/10  {who:11}"
            f"{result['path']}"
        )
        if not is_wanted(result):
            print(json.dumps(result, indent=2))
    sys.exit(not all(is_wanted(result) for result in results))


if __name__ == "__main__":
    main()
