"""Print what our checks say of a project."""

from tests.guests.steps import begin, checks, tell


def visit():
    begin()
    yield "checks", [text.partition(",")[0] for text in checks()]


if __name__ == "__main__":
    tell(visit)
