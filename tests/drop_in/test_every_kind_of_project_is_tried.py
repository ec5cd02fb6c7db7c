"""Whatever a project has, it is tried without htmx, with htmx 2 and with htmx 4."""

from itertools import product
from typing import get_args

import pytest

from tests.drop_in.variants import VALUES, VARIANTS, Htmx


@pytest.mark.parametrize("name", VALUES)
def test_with_each_htmx(name):
    tried = {(variant.htmx, getattr(variant, name)) for variant in VARIANTS}

    assert set(product(get_args(Htmx), VALUES[name])) - tried == set()
