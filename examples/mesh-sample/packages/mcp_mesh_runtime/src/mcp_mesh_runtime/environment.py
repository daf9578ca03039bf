"""What an agent reads from its environment."""

from __future__ import annotations

import os

DEFAULT_REGISTRY_URL = "http://127.0.0.1:8080"


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it and is meant for the user."""


def registry_url() -> str | None:
    """MCP_MESH_REGISTRY_URL; None when it is set and empty: an agent without a mesh."""
    return os.environ.get("MCP_MESH_REGISTRY_URL", DEFAULT_REGISTRY_URL).rstrip("/") or None


def agent_address() -> tuple[str, int]:
    """HOST and PORT on which an agent serves; the loopback and a free port by default.

    Raises BadSetting when PORT is no port.
    """
    return os.environ.get("HOST") or "127.0.0.1", port_number("PORT", os.environ.get("PORT") or "0")


def port_number(setting: str, given: str) -> int:
    """A TCP port; 0 stands for a free one. Raises BadSetting, naming the setting."""
    if not (given.isascii() and given.isdigit() and int(given) <= 65535):
        raise BadSetting(f"{setting} must be a port from 0 to 65535, not {given!r}")
    return int(given)
