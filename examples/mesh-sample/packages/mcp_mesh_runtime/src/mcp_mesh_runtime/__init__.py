"""Connects functions with `@mesh_agent` to a mesh: registration, heartbeats, discovery.

The names below are loaded at their first use: the reference registry lives in this
package too, and would otherwise carry the whole MCP library in its memory.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agent.proxy import DependencyFailed
    from .agent.serve import serve
    from .decorators.mesh_agent import mesh_agent

__all__ = ["DependencyFailed", "mesh_agent", "serve"]

_HOMES = {
    "DependencyFailed": ".agent.proxy",
    "mesh_agent": ".decorators.mesh_agent",
    "serve": ".agent.serve",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name], __name__), name)
