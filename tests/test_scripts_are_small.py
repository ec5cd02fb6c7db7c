from pathlib import Path

import brotli

import auth_ui

SCRIPTS = Path(auth_ui.__file__).parent / "static" / "auth_ui"
MOST = 5 * 1024  # bytes, as a browser gets them


def test_both_scripts_are_within_five_kilobytes_on_the_wire():
    scripts = sorted(SCRIPTS.glob("**/*.js"))

    sizes = [len(brotli.compress(script.read_bytes(), quality=11)) for script in scripts]

    assert [script.name for script in scripts] == ["form.js", "session.js"]
    assert sum(sizes) <= MOST
