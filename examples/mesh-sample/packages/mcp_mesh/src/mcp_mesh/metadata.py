"""What a function says about itself to the mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

MIN_HEALTH_INTERVAL = 0.1
"""The shortest time between two heartbeats that a registry accepts, in seconds."""

MAX_HEALTH_INTERVAL = 3600.0
"""The longest time between two heartbeats that a registry accepts, in seconds."""

_ATTRIBUTE = "__mesh_agent__"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMetadata:
    """What the decorator was told. It never changes after the function is decorated."""

    capabilities: tuple[str, ...] = ()
    """What the function offers; a capability is the name of the MCP tool behind it."""

    dependencies: tuple[str, ...] = ()
    """The capabilities of others that the function wants injected."""

    health_interval: float = 30.0
    """Seconds between two heartbeats."""

    fallback_mode: bool = True
    """Whether the function runs without a dependency that is away, or the call fails."""

    version: str = "0.0.0"
    description: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not MIN_HEALTH_INTERVAL <= self.health_interval <= MAX_HEALTH_INTERVAL:
            raise ValueError(
                f"health_interval must be between {MIN_HEALTH_INTERVAL} and "
                f"{MAX_HEALTH_INTERVAL:g} seconds, not {self.health_interval}"
            )


def names(field: str, given: Iterable[str]) -> tuple[str, ...]:
    """The names without repetitions, in order.

    Raises TypeError for a single string, which would otherwise be taken for a list of
    its letters, and for anything in the list that is no string.
    """
    if isinstance(given, str):
        raise TypeError(f"{field} must be a list of names, not the string {given!r}")
    unique = tuple(dict.fromkeys(given))
    for name in unique:
        if not isinstance(name, str):
            raise TypeError(f"{field} must hold strings, not {name!r}")
    return unique


def attach(function: Callable[..., Any], metadata: AgentMetadata) -> None:
    """Keep the metadata on the function, where `metadata_of` finds it."""
    setattr(function, _ATTRIBUTE, metadata)


def metadata_of(function: Callable[..., Any]) -> AgentMetadata:
    """What the function's `@mesh_agent` was told.

    Raises TypeError for a function that was not decorated.
    """
    metadata: AgentMetadata | None = getattr(function, _ATTRIBUTE, None)
    if metadata is None:
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name} is not decorated with @mesh_agent")
    return metadata


def merge(parts: Iterable[AgentMetadata]) -> AgentMetadata:
    """One agent's metadata out of those of its functions.

    Lists are joined; the shortest health interval counts, so that no function's promise
    is broken; version and description come from the first function.
    Raises ValueError when there are no functions.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("an agent needs at least one function with @mesh_agent")
    return AgentMetadata(
        capabilities=names("capabilities", (c for part in parts for c in part.capabilities)),
        dependencies=names("dependencies", (d for part in parts for d in part.dependencies)),
        health_interval=min(part.health_interval for part in parts),
        fallback_mode=all(part.fallback_mode for part in parts),
        version=parts[0].version,
        description=parts[0].description,
        tags=names("tags", (t for part in parts for t in part.tags)),
    )
