"""The projects that auth_ui is dropped into: each differs from a fresh one in a few things."""

from dataclasses import dataclass, fields
from typing import Literal, get_args

Htmx = Literal["no htmx", "htmx 2", "htmx 4"]
Place = Literal["/", "accounts/"]
Script = Literal["no prefix", "mounted", "FORCE_SCRIPT_NAME"]
Language = Literal["en-us", "de", "ar"]
User = Literal["stock", "e-mail model", "e-mail backend"]
Beside = Literal["nothing", "allauth", "debug toolbar", "sites", "several backends"]
Server = Literal["runserver", "gunicorn", "uvicorn"]


@dataclass(frozen=True)
class Variant:
    """A project, by what is not as in a fresh one.

    Args:
        htmx: which major the pages load.
        server: what serves it; gunicorn and uvicorn without DEBUG, with collected static files.
        place: the path that the include of our URLs has.
        script: how the project is told that it stands under a path of its host.
        language: its LANGUAGE_CODE.
        user: the user model, and how people sign in.
        beside: what else is installed.
    """

    htmx: Htmx = "htmx 4"
    server: Server = "runserver"
    place: Place = "/"
    script: Script = "no prefix"
    language: Language = "en-us"
    user: User = "stock"
    beside: Beside = "nothing"

    def __str__(self) -> str:
        return ", ".join(
            [self.htmx, self.server]
            + [
                getattr(self, field.name)
                for field in fields(self)[2:]
                if getattr(self, field.name) != field.default
            ]
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return what may ask for settings of its own."""
        return (self.script, self.user, self.beside)

    @property
    def ours(self) -> str:
        """Return the path of our URLs in the project."""
        return "/" if self.place == "/" else f"/{self.place}"

    @property
    def prefix(self) -> str:
        return "" if self.script == "no prefix" else "/shop"


# The first is the cheapest, and the one that is tried every day.
VARIANTS = [
    Variant("htmx 4", "runserver"),
    Variant("htmx 2", "runserver", user="e-mail model", language="de", beside="debug toolbar"),
    Variant("no htmx", "runserver", language="ar", beside="sites"),
    Variant("htmx 4", "gunicorn", "accounts/", "mounted", "de", "e-mail backend", "sites"),
    Variant("htmx 2", "gunicorn", "accounts/", "FORCE_SCRIPT_NAME", "ar", beside="allauth"),
    Variant("no htmx", "gunicorn", "/", "mounted", "de", "e-mail model", "several backends"),
    Variant("htmx 4", "uvicorn", "/", "mounted", "ar", "e-mail model", "allauth"),
    Variant("htmx 2", "uvicorn", "/", "mounted", "en-us", "e-mail backend", "several backends"),
    Variant("no htmx", "uvicorn", "accounts/", user="e-mail backend", beside="allauth"),
    Variant("htmx 4", "gunicorn", script="FORCE_SCRIPT_NAME", beside="several backends"),
    Variant("no htmx", "gunicorn", script="FORCE_SCRIPT_NAME"),
    Variant("no htmx", "runserver", beside="debug toolbar"),
    Variant("htmx 4", "runserver", "accounts/", user="e-mail backend", beside="debug toolbar"),
    Variant("htmx 2", "uvicorn", "accounts/", language="de", beside="sites"),
    Variant("htmx 2", "gunicorn"),
]

VALUES = {
    "server": get_args(Server),
    "place": get_args(Place),
    "script": get_args(Script),
    "language": get_args(Language),
    "user": get_args(User),
    "beside": get_args(Beside),
}
