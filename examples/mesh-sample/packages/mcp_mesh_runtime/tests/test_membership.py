"""Registration and heartbeats, on a clock that only sleeping moves."""

import asyncio
import itertools

import pytest

from mcp_mesh import AgentMetadata
from mcp_mesh_runtime.agent.membership import Membership, member
from mcp_mesh_runtime.agent.registration import Registration
from mcp_mesh_runtime.agent.registry_client import RegistrationRefused, RegistryUnavailable

AGENT = Registration("a", "http://h/mcp", AgentMetadata(health_interval=10))


class Over(Exception):
    """The scripted registry has nothing more to say."""


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self):
        self.time = 0.0

    def now(self):
        return self.time

    async def sleep(self, seconds):
        assert seconds >= 0
        self.time += seconds
        await asyncio.sleep(0)


class ScriptedRegistry:
    """Answers with what its script says, and notes what was asked when.

    yes: answers; no: does not know the agent; away: gives no answer; bad: refuses.
    """

    url = "http://registry"

    def __init__(self, script, latency=0.0):
        self.clock = Clock()
        self.calls = []
        self._script = iter(script.split())
        self._latency = latency

    async def register(self, registration):
        assert registration is AGENT
        await self._answer("register")

    async def heartbeat(self, agent_id):
        assert agent_id == "a"
        return await self._answer("beat") == "yes"

    async def deregister(self, agent_id):
        await self._answer("deregister")

    async def _answer(self, what):
        self.calls.append((round(self.clock.time, 3), what))
        self.clock.time += self._latency
        match next(self._script, None):
            case None:
                raise Over
            case "away":
                raise RegistryUnavailable("away")
            case "bad":
                raise RegistrationRefused("bad")
            case answer:
                return answer


def calls(script, latency=0.0, jitter=1.0):
    """What an agent asks a registry with that script, and when."""
    registry = ScriptedRegistry(script, latency)
    membership = Membership(registry, AGENT, registry.clock, lambda: jitter)
    with pytest.raises(Over):
        asyncio.run(membership.keep())
    return registry.calls


def test_heartbeats_come_at_the_health_interval():
    assert calls("yes yes yes") == [(0, "register"), (10, "beat"), (20, "beat"), (30, "beat")]


def test_a_slow_registry_does_not_stretch_the_interval():
    asked = calls("yes yes yes", latency=3.0)
    assert asked == [(0, "register"), (13, "beat"), (23, "beat"), (33, "beat")]


def test_heartbeats_that_were_missed_are_not_made_up_for():
    asked = calls("yes yes yes", latency=25.0)
    assert asked == [(0, "register"), (35, "beat"), (60, "beat"), (85, "beat")]


def test_registration_is_tried_again_with_doubling_waits_up_to_the_interval():
    asked = calls("away " * 9 + "yes")
    times = [time for time, what in asked if what == "register"]
    waits = [round(b - a, 3) for a, b in itertools.pairwise(times)]
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]
    assert asked[-1] == (times[-1] + 10, "beat")


def test_waits_are_spread_over_their_upper_half():
    assert [time for time, _ in calls("away away", jitter=0.0)] == [0, 0.05, 0.15]


def test_a_registry_that_restarts_gets_the_heartbeat_when_it_is_back():
    asked = calls("yes away away yes")
    assert asked[1:] == [(10, "beat"), (10.1, "beat"), (10.3, "beat"), (20, "beat")]


def test_an_agent_that_was_forgotten_registers_again():
    asked = calls("yes yes no yes")
    assert asked[2:] == [(20, "beat"), (20, "register"), (30, "beat")]


def test_being_refused_is_final():
    registry = ScriptedRegistry("bad")
    with pytest.raises(RegistrationRefused):
        asyncio.run(Membership(registry, AGENT, registry.clock).keep())


@pytest.mark.parametrize("farewell", ["yes", "away"])
def test_leaving_ends_the_heartbeats_and_deregisters(farewell):
    registry = ScriptedRegistry(f"yes {farewell}")

    class Standing(Clock):
        async def sleep(self, seconds):
            await asyncio.Event().wait()

    async def live():
        async with member(Membership(registry, AGENT, Standing())) as task:
            await asyncio.sleep(0)
        assert task.cancelled()

    asyncio.run(live())
    assert [what for _, what in registry.calls] == ["register", "deregister"]


def test_what_an_agent_sends():
    metadata = AgentMetadata(capabilities=("x",), dependencies=("y",), tags=("t",), version="1")
    assert Registration("a", "http://h/mcp", metadata).body() == {
        "name": "a",
        "endpoint": "http://h/mcp",
        "capabilities": ["x"],
        "dependencies": ["y"],
        "version": "1",
        "description": "",
        "tags": ["t"],
        "health_interval": 30.0,
    }
