"""What clients send and what they get, as JSON."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .fields import (
    MAX_ENTRY_LENGTH,
    Description,
    HealthInterval,
    Identifier,
    Texts,
    Time,
    Version,
    WebAddress,
)
from .lifetimes import Status

SERVICE: Final = "mcp-mesh-registry"
VERSION: Final = "1.0.0"


class _Sent(BaseModel):
    """A body from a client: no type is converted, and null counts as left out."""

    model_config = ConfigDict(strict=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, body: Any) -> Any:
        if isinstance(body, dict):
            return {name: value for name, value in body.items() if value is not None}
        return body


class Registration(_Sent):
    """What an agent says about itself."""

    name: Identifier
    id: Identifier = Field("", description="The name, unless it is given")
    endpoint: WebAddress = Field("", description="An absolute http or https URL, or empty")
    capabilities: Texts = []
    dependencies: Texts = []
    tags: Texts = []
    version: Version = "0.0.0"
    description: Description = ""
    health_interval: HealthInterval = Field(30, description="Seconds between two heartbeats")

    def model_post_init(self, _context: Any, /) -> None:
        """An agent without an id has its name for one."""
        if not self.id:
            self.id = self.name


class Heartbeat(_Sent):
    """An agent's sign of life."""

    id: Identifier


class Agent(BaseModel):
    """An agent as it is at the time of the answer."""

    id: Identifier
    name: Identifier
    endpoint: WebAddress
    capabilities: Texts
    dependencies: Texts
    version: Version
    description: Description
    tags: Texts
    health_interval: float = Field(description="Seconds between two heartbeats")
    degraded_after: float = Field(description="Seconds of silence")
    expired_after: float = Field(description="Seconds of silence")
    status: Status
    registered_at: Time
    last_seen: Time


class AgentList(BaseModel):
    """Agents, sorted by id."""

    agents: list[Agent]
    count: int


class HeartbeatAnswer(BaseModel):
    """How the registry sees the agent that it has just heard of."""

    id: Identifier
    status: Status
    last_seen: Time


class Capability(BaseModel):
    """A capability and the ids of the agents that offer it, sorted."""

    name: str = Field(max_length=MAX_ENTRY_LENGTH)
    agents: list[Identifier]


class CapabilityList(BaseModel):
    """Capabilities, sorted by name."""

    capabilities: list[Capability]
    count: int


class Health(BaseModel):
    """The registry's own state."""

    status: Literal["ok"]
    service: Literal["mcp-mesh-registry"]
    version: str
    agents: int = Field(description="Those that are not expired")
    uptime_seconds: float
