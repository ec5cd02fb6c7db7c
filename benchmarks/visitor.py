"""A visitor without script: keeps cookies, reads the form of a page, and fills it in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


class FormReader(HTMLParser):
    """Finds the fields of the form that asks for a password."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.name = self.password = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.password:
            self.fields, self.name = {}, ""
        if tag != "input" or not given.get("name"):
            return
        match given.get("type", "text"):
            case "hidden":
                self.fields[given["name"]] = given.get("value", "")
            case "text" | "email":
                self.name = self.name or given["name"]
            case "password":
                self.password = given["name"]

    def filled_in(self, name: str, password: str) -> bytes:
        return urlencode({**self.fields, self.name: name, self.password: password}).encode()


def filled_in(page: bytes, name: str, password: str) -> bytes:
    """Return what a browser posts when the sign-in form of a page is filled in."""
    reader = FormReader()
    reader.feed(page.decode())
    return reader.filled_in(name, password)


@dataclass
class Cookies:
    """The cookies of a browser, without their attributes."""

    values: dict[str, str] = field(default_factory=dict)

    def keep(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                cookie, _, value = value.strip().partition(";")[0].partition("=")
                self.values[cookie] = value

    def __str__(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.values.items())
