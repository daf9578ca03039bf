"""Real agents on every deployment of the registry: the Go ones and the reference."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack

import httpx2
import pytest
from mcp import Client
from programs import REFERENCE, eventually, registry, running

HELLO = [sys.executable, "examples/hello_world.py"]
SYSTEM = [sys.executable, "examples/system_agent.py"]


@pytest.fixture(params=["standalone", "embedded", "reference"])
def deployment(request):
    """The command that starts a registry."""
    match request.param:
        case "standalone":
            return [request.getfixturevalue("go_registry")]
        case "embedded":
            return [request.getfixturevalue("go_cli"), "start", "--registry-only"]
        case _:
            return REFERENCE


class Mesh:
    """What a registry says."""

    def __init__(self, url):
        self.url = url

    def agent(self, name):
        answer = httpx2.get(f"{self.url}/agents/{name}")
        return answer.json() if answer.status_code == 200 else None

    def greet(self, name):
        endpoint = self.agent("hello-world-demo")["endpoint"]

        async def call():
            async with Client(endpoint) as client:
                return (await client.call_tool("greeting", {"name": name})).structured_content

        return asyncio.run(call())["result"]


def test_the_life_of_agents(deployment, tmp_path):
    with ExitStack() as stack:
        first = tmp_path / "first"
        first.mkdir()
        server, url = stack.enter_context(registry(deployment, first))
        mesh = Mesh(url)
        where = {"MCP_MESH_REGISTRY_URL": url}
        hello = stack.enter_context(running(HELLO, tmp_path / "hello.log", **where))
        system = stack.enter_context(running(SYSTEM, tmp_path / "system.log", **where))

        # They register, under their own names.
        agent = eventually(lambda: mesh.agent("hello-world-demo"), hello.text)
        eventually(lambda: mesh.agent("system-agent-demo"), system.text)
        assert (agent["status"], agent["capabilities"]) == ("healthy", ["greeting"])
        assert agent["dependencies"] == ["system_info"]

        # A tool gets its dependency while the agent behind it runs, and its fallback after.
        assert mesh.greet("Ada").startswith("Hello, Ada, from ")
        assert system.end() == 0
        assert mesh.agent("system-agent-demo") is None
        assert mesh.greet("Ada") == "Hello, Ada! No system agent is in the mesh."

        # Heartbeats move last_seen without a new registration.
        later = eventually(
            lambda: (
                (now := mesh.agent("hello-world-demo"))
                and now["last_seen"] > agent["last_seen"]
                and now
            )
        )
        assert later["registered_at"] == agent["registered_at"]

        # The registry is replaced by one that knows nobody: the agent comes back by itself.
        assert server.end() == 0
        second = tmp_path / "second"
        second.mkdir()
        port = {"MCP_MESH_REGISTRY_PORT": url.rsplit(":", 1)[1]}
        stack.enter_context(registry(deployment, second, **port))
        eventually(lambda: mesh.agent("hello-world-demo"), hello.text)

        # SIGTERM takes it out.
        assert hello.end() == 0
        assert mesh.agent("hello-world-demo") is None
