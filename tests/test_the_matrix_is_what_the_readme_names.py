"""What the README says was tested is what CI runs."""

import os
import re
import sys

import django

from tests.documented.blocks import README, ROOT, read

PAIR = re.compile(r"Python \d\.\d+ and Django \d\.\d")


def test_the_makefile_has_a_row_for_each_pair():
    assert PAIR.findall((ROOT / "Makefile").read_text()) == PAIR.findall(read(README)) != []


def test_this_run_is_the_row_that_it_says():
    here = "Python {}.{} and Django {}.{}".format(*sys.version_info[:2], *django.VERSION[:2])

    assert os.environ.get("ROW") in (None, "", here)  # nobody says it on an everyday run
