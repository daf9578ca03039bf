"""`@mesh_agent` for an agent in a mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import mcp_mesh

from ..agent.resolver import MeshResolver

F = TypeVar("F", bound=Callable[..., Any])


def mesh_agent(
    capabilities: Iterable[str] = (),
    dependencies: Iterable[str] = (),
    health_interval: float = 30.0,
    fallback_mode: bool = True,
    version: str = "0.0.0",
    description: str = "",
    tags: Iterable[str] = (),
) -> Callable[[F], F]:
    """Decorate a function, async or not, whose dependencies come from the mesh.

    This is `mcp_mesh.mesh_agent` with dependencies that are looked up, at each call, in
    the registry at MCP_MESH_REGISTRY_URL and called over MCP at the agent that offers
    them. `mcp_mesh_runtime.serve` registers what is decorated here.

    capabilities: what the function offers, each the name of an MCP tool of this agent.
    dependencies: capabilities of other agents, each the name of one of the function's
        parameters.
    health_interval: seconds between two heartbeats, from 0.1 to 3600.
    fallback_mode: True runs the function with the parameter's default when nobody
        offers a dependency; False raises `mcp_mesh.DependencyUnavailable`.

    Raises TypeError and ValueError, when the function is decorated, for metadata that
    no registry would accept and for a dependency that has no parameter.
    """
    return mcp_mesh.mesh_agent(
        capabilities=capabilities,
        dependencies=dependencies,
        health_interval=health_interval,
        fallback_mode=fallback_mode,
        version=version,
        description=description,
        tags=tags,
        resolver=MeshResolver(),
    )
