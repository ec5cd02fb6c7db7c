"""Whoever packages auth_ui from its source gets what we publish."""

import hashlib

from tests.drop_in.packages import build, run


def test_to_the_byte(sdist, wheel, tmp_path):
    run("tar", "-xf", sdist, "-C", tmp_path)
    [source] = tmp_path.iterdir()

    rebuilt = build(source, tmp_path / "wheel", "wheel")

    assert (rebuilt.name, digest(rebuilt)) == (wheel.name, digest(wheel))


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()
