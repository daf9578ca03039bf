"""How an agent's status follows from its silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["healthy", "degraded", "expired"]

STATUSES: tuple[Status, ...] = ("healthy", "degraded", "expired")
"""The statuses in the order in which a silent agent passes through them."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How much silence the registry bears, in seconds.

    None leaves it to each agent's health interval: twice that until it is degraded, four
    times until it is expired.
    """

    degraded_after: float | None = None
    expired_after: float | None = None
    retention: float = 24 * 3600.0
    """How long an expired agent is still shown."""

    def until_degraded(self, health_interval: float) -> float:
        """Seconds of silence from which on the agent is degraded."""
        return 2 * health_interval if self.degraded_after is None else self.degraded_after

    def until_expired(self, health_interval: float) -> float:
        """Seconds of silence from which on the agent is expired."""
        return 4 * health_interval if self.expired_after is None else self.expired_after

    def status(self, health_interval: float, silence: float) -> Status:
        """The status after so many seconds of silence.

        Expiry comes first, so that settings under which agents expire before they
        degrade have a meaning, too.
        """
        if silence >= self.until_expired(health_interval):
            return "expired"
        if silence >= self.until_degraded(health_interval):
            return "degraded"
        return "healthy"

    def is_forgotten(self, health_interval: float, silence: float) -> bool:
        """Whether the registry treats the agent as one that it never knew."""
        return silence >= self.until_expired(health_interval) + self.retention
