"""How figures of several rounds become one, with their spread."""

import statistics
from collections.abc import Sequence


def ratio(figures: Sequence[float], others: Sequence[float]) -> str:
    """Return the median of the ratios of each round, and the quartiles around it."""
    ratios = [one / other for one, other in zip(figures, others, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
