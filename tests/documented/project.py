"""A project as a reader has it who follows a page: Django's own, and the page's blocks in it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.documented.blocks import INSTALL, README, ROOT, Block, blocks_of, read

# What the project had before: a home page, and what makes tests fast.
SETTINGS = """
ALLOWED_HOSTS = ["testserver"]
DATABASES["default"]["NAME"] = ":memory:"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
"""
URLS = """
from django.views.generic import TemplateView

urlpatterns.append(path("", TemplateView.as_view(template_name="home.html"), name="home"))
"""
HOME = '{% extends "base.html" %}{% block content %}<h1>Home</h1>{% endblock %}'


def projects_of(page: str) -> list[list[Block]]:
    """Return the blocks of each project that a page describes: one for each of its URLconfs.

    The blocks of the install page come first, but for the README, which stands alone.
    """
    own = [block for block in blocks_of(page) if block.language in ("python", "html")]
    if not own:
        return []
    before = [] if page in (README, INSTALL) else _first_of_each_file(blocks_of(INSTALL))
    urls = [block for block in own if block.file == "urls.py"]
    others = [block for block in before + own if block not in urls]
    if not urls:
        return [others]
    return [[*(block for block in others if block.file != "urls.py"), variant] for variant in urls]


def project_of_section(page: str, heading: str) -> list[Block]:
    """Return the blocks of a project that one section of a page describes, after the install page.

    Args:
        page: which describes a project in each of its sections.
        heading: of the section, "" for what is before the first one.
    """
    lines = read(page).splitlines()
    headings = {number: line[3:] for number, line in enumerate(lines, 1) if line.startswith("## ")}
    before = _first_of_each_file(blocks_of(INSTALL))
    own = [
        block
        for block in blocks_of(page)
        if heading == next((headings[at] for at in sorted(headings)[::-1] if at < block.line), "")
    ]
    return [*(block for block in before if block.file != "urls.py"), *own]


def _first_of_each_file(blocks: list[Block]) -> list[Block]:
    files: dict[str, Block] = {}
    for block in blocks:
        if block.file:
            files.setdefault(block.file, block)
    return list(files.values())


def build(folder: Path, blocks: list[Block], settings: str = "", urls: str = "") -> None:
    """Make a project in a folder, with the blocks that name a file in their files.

    Args:
        folder: an empty one.
        blocks: of a page.
        settings: what the project's settings held before.
        urls: what its URLconf held before.
    """
    call_command("startproject", "mysite", folder)
    add(folder / "mysite/settings.py", SETTINGS + settings)
    add(folder / "mysite/urls.py", URLS + urls)
    add(folder / "templates/home.html", HOME)
    follow(folder, blocks)


def follow(folder: Path, blocks: list[Block]) -> None:
    """Write the blocks that name a file into the files of a project."""
    for block in blocks:
        if block.file.endswith(".html"):
            (folder / block.file).unlink(missing_ok=True)
            add(folder / block.file, block.text)
        elif block.file:
            add(folder / "mysite" / block.file, filled_in(block.text))


def filled_in(code: str) -> str:
    """Return code in which `...` in a list stands for what the list held before."""
    tree = ast.parse(code)
    for assignment in tree.body:
        if isinstance(assignment, ast.Assign) and isinstance(assignment.value, ast.List):
            [target] = assignment.targets
            before = ast.parse(f"[*{ast.unparse(target)}]", mode="eval").body.elts[0]
            assignment.value.elts = [
                before if ast.unparse(element) == "..." else element
                for element in assignment.value.elts
            ]
    return ast.unparse(tree)


def visit(folder: Path, blocks: list[Block]) -> dict[str, Any]:
    """Run a project in a process of its own; return what a visitor was answered, by name."""
    modules = {block.file.removesuffix(".py") for block in blocks if block.file.endswith(".py")}
    task = {
        "modules": sorted(modules),
        "code": [block.text for block in blocks if block.language == "python" and not block.file],
        "html": [block.text for block in blocks if block.language == "html" and not block.file],
    }
    return run(folder, "tests.documented.visit", task)


def run(folder: Path, module: str, task: Any = None, warnings: str = "error") -> dict[str, Any]:
    """Run a module of ours in a project, in a process of its own; return what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "mysite.settings",
    }
    run = subprocess.run(
        [sys.executable, "-W", warnings, "-m", module],
        input=json.dumps(task),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert not run.stderr, run.stderr
    answers: dict[str, Any] = json.loads(run.stdout)
    return answers


def add(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{before}\n{text}" if before else text)
