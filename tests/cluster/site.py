"""The whole site: three app servers behind nginx, and PostgreSQL.

Where it is `pooled`, PgBouncer stands in front of PostgreSQL, and the largest tables are in parts.
"""

import json
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster import network
from tests.cluster.servers import App, Nginx, PgBouncer, PostgreSQL

RIGHT = "lovelace-1815-engine"
SLOW = f"slow-{RIGHT}"
HONEST = [f"person-{number}" for number in range(30)]
HASTY = [f"hasty-{number}" for number in range(10)]  # whose passwords take long to hash
TARGETS = 1000  # more than a run comes to
CREATE = f"""
from django.contrib.auth.hashers import make_password
from site_config.models import User
right, slow = make_password("{RIGHT}"), make_password("{SLOW}")
targets = [f"target-{{number}}" for number in range(0, {TARGETS}, 2)]  # nobody has the odd ones
for name in {json.dumps(HONEST)} + targets:
    User(username=name, password=right).save()
for name in {json.dumps(HASTY)}:
    User(username=name, password=slow).save()
"""


class Site:
    def __init__(self, folder: Path, *, pooled: bool) -> None:
        self.database = PostgreSQL(folder)
        self.pooler = PgBouncer(folder)
        self.apps = [App(folder, host, pooled=pooled) for host in network.APPS]
        self.proxy = Nginx(folder)
        self.pooled = pooled
        self.hashed_file = folder / "hashed"

    def start(self) -> None:
        self.database.prepare()
        if self.pooled:
            self.pooler.prepare()
        first = self.apps[0]
        first.manage("migrate", "--verbosity=0")
        if self.pooled:
            self.database.partition()
        first.manage("collectstatic", "--no-input", "--verbosity=0")
        first.manage("shell", "--verbosity=0", "-c", CREATE)
        self.hashed_file.write_bytes(b"")
        for app in self.apps:
            app.start()
        self.proxy.prepare()

    def kill(self) -> None:
        for server in (self.proxy, *self.apps, self.pooler, self.database):
            if server.process is not None:
                server.kill()

    def hashed(self) -> list[tuple[int, str]]:
        """Return which process was given which password to hash, in their order."""
        lines = self.hashed_file.read_text().splitlines()
        return [(int(pid), password) for pid, password in (line.split(" ", 1) for line in lines)]

    def guesses(self) -> Counter[str]:
        """Return how many passwords were hashed for each name, of those that name theirs."""
        return Counter(
            password.partition(" guess ")[0]
            for _, password in self.hashed()
            if " guess " in password
        )


@contextmanager
def running(*, pooled: bool) -> Iterator[Site]:
    """Yield the site, started; leave nothing of it behind, also where it is interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    folder = Path(tempfile.mkdtemp(prefix="auth_ui_cluster_"))
    folder.chmod(0o755)  # for the servers that are not root
    site = Site(folder, pooled=pooled)
    try:
        site.start()
        yield site
    finally:
        site.kill()
        shutil.rmtree(folder)
