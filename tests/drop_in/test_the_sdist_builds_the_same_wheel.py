"""Whoever packages auth_ui from its source gets what we publish."""

import hashlib
import tarfile

from tests.drop_in.packages import build


def test_to_the_byte(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()

    rebuilt = build(source, tmp_path / "wheel", "wheel")

    assert (rebuilt.name, digest(rebuilt)) == (wheel.name, digest(wheel))


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()
