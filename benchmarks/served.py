"""What is measured of each project as gunicorn serves it, all with the same options."""

import os
import random
import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from figures import ratio, table
from peers import MD5, PEERS, STOCK, Peer, Site, Sites

WORKERS, THREADS = 2, 8
GUNICORN = [
    *("-m", "gunicorn", "projects.wsgi", "--worker-class", "gthread"),
    *("--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"),
]
CONNECTIONS, SECONDS, ROUNDS = 8, 2, 7
STARTS = 5


@contextmanager
def serve(site: Site) -> Iterator["Server"]:
    """Serve a site for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        bind = ("--bind", f"fd://{listener.fileno()}")
        with site.started(*GUNICORN, *bind, pass_fds=[listener.fileno()]) as process:
            server = Server(site.peer, listener.getsockname()[1], process.pid)
            urllib.request.urlopen(f"{server.url}/", timeout=60).close()
            yield server


class Server:
    def __init__(self, peer: Peer, port: int, pid: int) -> None:
        self.peer, self.port, self.pid = peer, port, pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def requests_a_second(self) -> float:
        """Return how many sign-in pages are served a second to browsers that ask without pause."""
        end, counts = time.monotonic() + SECONDS, [0] * CONNECTIONS
        threads = [
            threading.Thread(target=self.ask_until, args=(end, counts, number))
            for number in range(CONNECTIONS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / SECONDS

    def ask_until(self, end: float, counts: list[int], number: int) -> None:
        """Ask on one connection, with as little work as can be: the server is on the same cores."""
        request = f"GET {self.peer.login} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            while time.monotonic() < end:
                connection.sendall(request)
                read_answer(connection)
                counts[number] += 1

    def memory(self) -> tuple[float, float]:
        """Return the median PSS and USS of the workers, in MiB."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        workers = [memory_of(int(child)) for child in children]
        pss, uss = (statistics.median(figure) for figure in zip(*workers, strict=True))
        return pss, uss


def read_answer(connection: socket.socket) -> None:
    """Read one answer with status 200 to its end."""
    head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)


def memory_of(pid: int) -> tuple[float, float]:
    """Return what a process has of the memory, with its share of what others have too, and alone.

    Returns:
        PSS and USS in MiB, as Linux says them.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    parts = (line.split() for line in lines[1:])
    kib = {name: int(size) for name, size, _ in parts}
    return kib["Pss:"] / 1024, (kib["Private_Clean:"] + kib["Private_Dirty:"]) / 1024


def requests(sites: Sites) -> str:
    """How many sign-in pages each project serves a second, and the memory of a worker then."""
    with ExitStack() as stack:
        servers = {peer: stack.enter_context(serve(sites.of(peer, MD5))) for peer in PEERS}
        rates: dict[Peer, list[float]] = {peer: [] for peer in PEERS}
        for server in servers.values():
            server.requests_a_second()  # fills caches
        for _ in range(ROUNDS):
            for peer in random.sample(PEERS, len(PEERS)):
                rates[peer].append(servers[peer].requests_a_second())
        memory = {peer: server.memory() for peer, server in servers.items()}
    served = [ratio(rates[peer], rates[STOCK]) for peer in PEERS]
    served[PEERS.index(STOCK)] = f"1 ({statistics.median(rates[STOCK]):.0f}/s)"
    lines = [
        ["GET sign-in page, requests/s", *served],
        ["memory of a worker then, PSS", *(f"{memory[peer][0]:.1f} MiB" for peer in PEERS)],
        ["the same, USS", *(f"{memory[peer][1]:.1f} MiB" for peer in PEERS)],
    ]
    return table([f"{WORKERS} workers, {THREADS} threads", *(peer.title for peer in PEERS)], lines)


def start(sites: Sites) -> str:
    """How long a process takes until it has answered its first sign-in page."""
    seconds: dict[Peer, list[float]] = {peer: [] for peer in PEERS}
    for _ in range(STARTS):
        for peer in random.sample(PEERS, len(PEERS)):
            seconds[peer].append(cpu_of_start(sites.of(peer, MD5)))
    figures = [ratio(seconds[peer], seconds[STOCK]) for peer in PEERS]
    figures[PEERS.index(STOCK)] = f"1 ({statistics.median(seconds[STOCK]):.2f} s)"
    head = ["CPU time", *(peer.title for peer in PEERS)]
    return table(head, [["start, up to the first sign-in page", *figures]])


def cpu_of_start(site: Site) -> float:
    with site.started("-m", "inside", "start", site.peer.login) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime
