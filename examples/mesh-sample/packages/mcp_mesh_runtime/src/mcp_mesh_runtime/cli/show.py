"""What a registry knows, as text."""

from __future__ import annotations

from typing import Any

import httpx2

from ..loopback import PAST_PROXIES

_COLUMNS = ("ID", "STATUS", "VERSION", "LAST SEEN", "CAPABILITIES")


class NoAnswer(Exception):
    """The registry does not answer as one; the message says which and why."""


def list_agents(url: str) -> str:
    """A table of the agents that the registry at the URL knows. Raises NoAnswer."""
    agents = _get(url, "/agents")["agents"]
    rows = [
        (a["id"], a["status"], a["version"], a["last_seen"], ", ".join(a["capabilities"]))
        for a in agents
    ]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (_COLUMNS, *rows)
    )


def show_status(url: str) -> str:
    """One line about the registry at the URL. Raises NoAnswer."""
    health = _get(url, "/health")
    return (
        f"{health['service']} {health['version']} at {url}: {health['status']}, "
        f"{health['agents']} agents, up {health['uptime_seconds']:.0f}s"
    )


def _get(url: str, path: str) -> dict[str, Any]:
    try:
        with httpx2.Client(mounts=PAST_PROXIES) as client:
            response = client.get(url + path)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NoAnswer(f"no registry answers at {url}: {error}") from error
    return answer
