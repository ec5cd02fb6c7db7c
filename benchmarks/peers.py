"""The projects that are compared, each with the Python of its own environment."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"  # as good as no hash, for what is beside it
ARGON2ID = "projects.hashers.Argon2idHasher"  # at the cost that auth_ui has chosen

USERS = 1000
PASSWORD = "a-password-of-good-length"
WRONG_PASSWORD = "not-the-password-1234"


@dataclass(frozen=True)
class Peer:
    """A project that is compared.

    Args:
        title: what the table calls it.
        environment: the name of its lock in `requirements/`, after "bench-".
        settings: the module, below `projects`.
        login: the path of the sign-in page.
    """

    title: str
    environment: str
    settings: str
    login: str

    @property
    def python(self) -> Path:
        return ROOT / f".venv-bench-{self.environment}/bin/python"


STOCK = Peer("stock", "django", "stock.settings", "/accounts/login/")
OURS = Peer("ours", "ours", "ours.settings", "/login/")
PEERS = [
    OURS,
    Peer("ours without the counter", "ours", "ours.without_counter", "/login/"),
    STOCK,
    Peer("admin", "django", "admin.settings", "/admin/login/"),
    Peer("allauth", "allauth", "allauth.settings", "/accounts/login/"),
    Peer("allauth, MFA, sessions", "allauth", "allauth.with_apps", "/accounts/login/"),
    Peer("two-factor-auth", "two-factor", "two_factor.settings", "/account/login/"),
]


@dataclass
class Site:
    """A project with a database of its own that has `USERS` users, staff so that all can sign in.

    Args:
        peer: the project.
        hasher: the path of the class that hashes passwords.
        database_url: of an empty database.
    """

    peer: Peer
    hasher: str
    database_url: str
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": f"projects.{self.peer.settings}",
            "HASHER": self.hasher,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)]),
        }
        self.run("-m", "inside", "create")

    def run(self, *arguments: str) -> None:
        """Run Python with the project's environment and settings to its end."""
        command = [str(self.peer.python), *arguments]
        subprocess.run(command, cwd=HERE, env=self.environment, check=True)

    @contextmanager
    def started(self, *arguments: str, **options: object) -> Iterator[subprocess.Popen[str]]:
        """Run Python with the project's environment and settings for as long as it is needed."""
        command = [str(self.peer.python), *arguments]
        process: subprocess.Popen[str] = subprocess.Popen(
            command, cwd=HERE, env=self.environment, text=True, **options
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


class Sites:
    """The sites of one comparison, each made when it is asked for first.

    Args:
        folder: where their databases go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[tuple[Peer, str], Site] = {}

    def of(self, peer: Peer, hasher: str) -> Site:
        """Return the site of a project that hashes in one way."""
        if (peer, hasher) not in self.made:
            url = f"sqlite:///{self.folder / f'{len(self.made)}.sqlite3'}"
            self.made[peer, hasher] = Site(peer, hasher, url)
        return self.made[peer, hasher]
