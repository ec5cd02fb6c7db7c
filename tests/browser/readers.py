"""The readers of the site: a browser with htmx 4, with htmx 2, and without JavaScript."""

import pytest

both_htmx = pytest.mark.parametrize("reader", ["htmx4", "htmx2"], indirect=True)
with_and_without_javascript = pytest.mark.parametrize("reader", ["htmx4", "plain"], indirect=True)
every_reader = pytest.mark.parametrize("reader", ["htmx4", "htmx2", "plain"], indirect=True)
without_javascript = pytest.mark.parametrize("reader", ["plain"], indirect=True)
