"""The code blocks of the README and the docs, as a reader finds them."""

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
README = "README.md"
INSTALL = "docs/install.md"
# Each needs a package that not every environment has; `tests/guests` follows them.
GUESTS = ["docs/beside-allauth.md", "docs/in-wagtail.md", "docs/with-a-second-factor.md"]
PAGES = [README, *sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))]

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# A block that is a file, or a part of one, begins with its name.
FILE = re.compile(r"(?:# |\{# )([\w/]+\.(?:py|html))(?: #\})?\n")


@dataclass(frozen=True)
class Block:
    """A fenced code block.

    Args:
        page: the page that it is on, from the root of the repository.
        line: the line of the page that it begins in.
        language: as its fence says.
        text: what is in it.
    """

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str:
        """Return the file of a project that it is about, "" if it names none."""
        found = FILE.match(self.text)
        return found[1] if found else ""


def read(page: str) -> str:
    return (ROOT / page).read_text()


def blocks_of(page: str) -> list[Block]:
    """Return the blocks of a page, in their order."""
    text = read(page)
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[2], dedent(found[3]))
        for found in FENCE.finditer(text)
    ]


def prose_of(page: str) -> str:
    """Return a page without its code blocks."""
    return FENCE.sub("", read(page))


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def written_in(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]
