"""The registry itself: who is known, and how each of them is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from .lifetimes import Lifetimes, Status
from .schemas import (
    SERVICE,
    VERSION,
    Agent,
    AgentList,
    Capability,
    CapabilityList,
    Health,
    HeartbeatAnswer,
    Registration,
)
from .store import AgentStore, Record

Clock = Callable[[], float]
"""Seconds since 1970, as `time.time`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Selects agents. None selects all; several are combined with and."""

    capability: str | None = None
    name: str | None = None
    status: Status | None = None

    def selects(self, agent: Agent) -> bool:
        """Whether the agent is one of those."""
        return (
            (self.capability is None or self.capability in agent.capabilities)
            and (self.name is None or self.name == agent.name)
            and (self.status is None or self.status == agent.status)
        )


class Registry:
    """Answers every question of the API out of the store. One thread may use it at a time."""

    def __init__(self, store: AgentStore, lifetimes: Lifetimes, clock: Clock) -> None:
        self._store = store
        self._lifetimes = lifetimes
        self._clock = clock
        self._started_at = clock()

    def register(self, registration: Registration) -> tuple[Agent, bool]:
        """Store the registration; also tells whether its id is new."""
        now = self._now()
        known = self._known(registration.id, now)
        registered_at = now if known is None else known.registered_at
        record = Record(registration, registered_at, last_seen=now)
        self._store.put(record)
        return self._describe(record, now), known is None

    def heartbeat(self, agent_id: str) -> HeartbeatAnswer | None:
        """Note the agent's sign of life; None when it is not known."""
        now = self._now()
        known = self._known(agent_id, now)
        if known is None:
            return None
        self._store.touch(agent_id, now)
        status = self._lifetimes.status(known.registration.health_interval, silence=0)
        return HeartbeatAnswer(id=agent_id, status=status, last_seen=timestamp(now))

    def remove(self, agent_id: str) -> bool:
        """Drop the agent; False when it is not known."""
        known = self._known(agent_id, self._now())
        if known is not None:
            self._store.remove(agent_id)
        return known is not None

    def agent(self, agent_id: str) -> Agent | None:
        """One agent; None when it is not known."""
        now = self._now()
        known = self._known(agent_id, now)
        return None if known is None else self._describe(known, now)

    def agents(self, wanted: Filter) -> AgentList:
        """The agents that the filter selects."""
        selected = [agent for agent in self._all() if wanted.selects(agent)]
        return AgentList(agents=selected, count=len(selected))

    def capabilities(self) -> CapabilityList:
        """What the agents offer that are not expired."""
        offers: defaultdict[str, list[str]] = defaultdict(list)
        for agent in self._all():
            if agent.status != "expired":
                for name in agent.capabilities:
                    offers[name].append(agent.id)
        found = [Capability(name=name, agents=offers[name]) for name in sorted(offers)]
        return CapabilityList(capabilities=found, count=len(found))

    def health(self) -> Health:
        """The registry's own state."""
        uptime = math.floor((self._clock() - self._started_at) * 1000) / 1000
        alive = sum(agent.status != "expired" for agent in self._all())
        return Health(
            status="ok",
            service=SERVICE,
            version=VERSION,
            agents=alive,
            uptime_seconds=max(uptime, 0.0),
        )

    def forget(self) -> int:
        """Delete the agents that have been expired for the retention time; how many."""
        now = self._now()
        gone = [r.registration.id for r in self._store.all() if self._is_forgotten(r, now)]
        for agent_id in gone:
            self._store.remove(agent_id)
        return len(gone)

    def _now(self) -> int:
        # In whole milliseconds, as the store keeps them and the API shows them: an agent
        # reads the same before and after a restart.
        return math.floor(self._clock() * 1000)

    def _all(self) -> list[Agent]:
        now = self._now()
        records = self._store.all()
        return [self._describe(r, now) for r in records if not self._is_forgotten(r, now)]

    def _known(self, agent_id: str, now: int) -> Record | None:
        record = self._store.get(agent_id)
        return None if record is None or self._is_forgotten(record, now) else record

    def _is_forgotten(self, record: Record, now: int) -> bool:
        interval = record.registration.health_interval
        return self._lifetimes.is_forgotten(interval, _silence(record, now))

    def _describe(self, record: Record, now: int) -> Agent:
        registration, lifetimes = record.registration, self._lifetimes
        interval = registration.health_interval
        return Agent(
            id=registration.id,
            name=registration.name,
            endpoint=registration.endpoint,
            capabilities=registration.capabilities,
            dependencies=registration.dependencies,
            version=registration.version,
            description=registration.description,
            tags=registration.tags,
            health_interval=interval,
            degraded_after=lifetimes.until_degraded(interval),
            expired_after=lifetimes.until_expired(interval),
            status=lifetimes.status(interval, _silence(record, now)),
            registered_at=timestamp(record.registered_at),
            last_seen=timestamp(record.last_seen),
        )


def timestamp(milliseconds: int) -> str:
    """RFC 3339 in UTC, with three digits of milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03}Z"


def _silence(record: Record, now: int) -> float:
    return (now - record.last_seen) / 1000
