"""The way to programs on this machine."""

from __future__ import annotations

from typing import Any

PAST_PROXIES: dict[str, Any] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}
"""For the `mounts` of an HTTP client: what runs on this machine is asked directly.

A machine that reaches others through a proxy names it in HTTP_PROXY, and often forgets
to except itself in NO_PROXY.
"""
