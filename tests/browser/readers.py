"""The readers of the site: a browser with htmx 4, with htmx 2, and without JavaScript.

CI has every test of theirs read with both majors of htmx. The everyday run leaves out htmx 2.
"""

import pytest

from tests.conftest import IN_CI

HTMX = ["htmx4", "htmx2"] if IN_CI else ["htmx4"]

both_htmx = pytest.mark.parametrize("reader", HTMX, indirect=True)
with_and_without_javascript = pytest.mark.parametrize("reader", ["htmx4", "plain"], indirect=True)
every_reader = pytest.mark.parametrize("reader", [*HTMX, "plain"], indirect=True)
without_javascript = pytest.mark.parametrize("reader", ["plain"], indirect=True)
