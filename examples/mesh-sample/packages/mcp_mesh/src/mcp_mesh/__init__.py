"""Functions as members of a mesh: what they offer, what they need, and how they get it."""

from .decorator import mesh_agent
from .metadata import (
    MAX_HEALTH_INTERVAL,
    MIN_HEALTH_INTERVAL,
    AgentMetadata,
    merge,
    metadata_of,
)
from .resolution import (
    Dependency,
    DependencyUnavailable,
    FixedDependencies,
    Resolver,
)

__all__ = [
    "MAX_HEALTH_INTERVAL",
    "MIN_HEALTH_INTERVAL",
    "AgentMetadata",
    "Dependency",
    "DependencyUnavailable",
    "FixedDependencies",
    "Resolver",
    "merge",
    "mesh_agent",
    "metadata_of",
]
