"""Hosts with addresses of their own: network namespaces, or loopback where those cannot be had."""

import os
import subprocess
from pathlib import Path

IS_ALONE = os.environ.get("CLUSTER") == "namespaces"
FIRST = "10.99." if IS_ALONE else "127.99."
PROXY = f"{FIRST}0.10"
APPS = [f"{FIRST}0.11", f"{FIRST}0.12", f"{FIRST}0.13"]
DATABASE = f"{FIRST}0.20"
POOLER = f"{FIRST}0.21"


def visitor(number: int) -> str:
    """Return the address of a visitor; there are 250."""
    return f"{FIRST}1.{number}"


def here(text: str) -> str:
    """Return what a configuration file says, with the addresses that the hosts have here."""
    return text.replace("10.99.", FIRST)


def on(host: str) -> list[str]:
    """Return what a command begins with that runs on a host."""
    return ["ip", "netns", "exec", host] if IS_ALONE else []


def build() -> None:
    """Give each host a namespace with one cable to a switch, at which the visitors are.

    All of it is in the namespace that in_a_network.sh has made, and is gone with it.
    """
    if not IS_ALONE:
        return
    Path("/run/netns").mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "switch", "type", "bridge")
    for number in range(1, 251):
        run("ip", "addr", "add", f"{visitor(number)}/16", "dev", "switch")
    run("ip", "link", "set", "switch", "up")
    for number, host in enumerate([PROXY, *APPS, DATABASE, POOLER]):
        run("ip", "netns", "add", host)
        run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "eth0", "netns", host)
        run("ip", "link", "set", f"port{number}", "master", "switch", "up")
        run("ip", "-n", host, "addr", "add", f"{host}/16", "dev", "eth0")
        run("ip", "-n", host, "link", "set", "lo", "up")
        run("ip", "-n", host, "link", "set", "eth0", "up")


def run(*command: str) -> None:
    subprocess.run(command, check=True)
