"""The readers of the site: a browser with htmx 4, with htmx 2, and without JavaScript.

`both_htmx` is for what our script does in a way of its own for each: requests that are interrupted,
polled or fail, the dialog, the cover. `any_htmx` and `every_reader` are for the markup, which both
read alike: htmx 2 reads it in CI only.
"""

import pytest

from tests.conftest import IN_CI

both_htmx = pytest.mark.parametrize("reader", ["htmx4", "htmx2"], indirect=True)
with_and_without_javascript = pytest.mark.parametrize("reader", ["htmx4", "plain"], indirect=True)
any_htmx = both_htmx if IN_CI else pytest.mark.parametrize("reader", ["htmx4"], indirect=True)
every_reader = pytest.mark.parametrize(
    "reader", ["htmx4", "htmx2", "plain"] if IN_CI else ["htmx4", "plain"], indirect=True
)
without_javascript = pytest.mark.parametrize("reader", ["plain"], indirect=True)
