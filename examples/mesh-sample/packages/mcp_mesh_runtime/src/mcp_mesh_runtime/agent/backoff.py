"""How long to wait between attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FIRST_DELAY = 0.1
"""The longest first wait, in seconds; each next one is at most twice as long."""

LONGEST_DELAY = 15.0
"""No wait is longer, in seconds."""


def delays(longest: float, jitter: Callable[[], float]) -> Iterator[float]:
    """Endless waits in seconds, growing up to the longest.

    Each is spread over its upper half by jitter, a function that gives numbers from
    0 to 1, so that agents that lost their registry together do not return together.
    """
    delay = min(FIRST_DELAY, longest)
    while True:
        yield delay * (0.5 + 0.5 * jitter())
        delay = min(delay * 2, longest)
