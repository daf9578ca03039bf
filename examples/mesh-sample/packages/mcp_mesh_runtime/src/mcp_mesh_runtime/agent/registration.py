"""What an agent sends to the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mcp_mesh import AgentMetadata


@dataclass(frozen=True, slots=True)
class Registration:
    """An agent's name, where its MCP server answers, and what its functions declare."""

    name: str
    endpoint: str
    metadata: AgentMetadata

    @property
    def id(self) -> str:
        """The id under which the registry knows the agent: its name."""
        return self.name

    def body(self) -> dict[str, Any]:
        """The body of `POST /agents/register`."""
        return {
            "name": self.name,
            "endpoint": self.endpoint,
            "capabilities": list(self.metadata.capabilities),
            "dependencies": list(self.metadata.dependencies),
            "version": self.metadata.version,
            "description": self.metadata.description,
            "tags": list(self.metadata.tags),
            "health_interval": self.metadata.health_interval,
        }
