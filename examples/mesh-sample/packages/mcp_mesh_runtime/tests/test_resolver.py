"""Dependencies out of the mesh, with a real registry and real MCP servers."""

import asyncio
import threading
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

import mcp_mesh
from mcp_mesh import AgentMetadata, DependencyUnavailable
from mcp_mesh_runtime import DependencyFailed
from mcp_mesh_runtime.agent.registration import Registration
from mcp_mesh_runtime.agent.registry_client import RegistryClient
from mcp_mesh_runtime.agent.resolver import MeshResolver
from mcp_mesh_runtime.listener import listen, serving, url_of
from mcp_mesh_runtime.loopback import PAST_PROXIES


@asynccontextmanager
async def served(app):
    listener = listen("127.0.0.1", 0)
    url = url_of(listener)
    async with serving(app, listener):
        yield url


def agent_app(name):
    server = MCPServer(name, log_level="ERROR")

    @server.tool()
    def who() -> str:
        return name

    @server.tool()
    def describe(detail: str) -> dict[str, str]:
        return {"name": name, "detail": detail}

    @server.tool()
    def broken() -> str:
        raise ToolError("out of order")

    return server.streamable_http_app(stateless_http=True)


class Mesh:
    """A registry and agents; leaving the stack of one of them takes it away."""

    def __init__(self, url, stack):
        self.url = url
        self.resolver = MeshResolver(lambda: self.url)
        self._stack = stack

    async def agent(self, name, *capabilities, endpoint=None):
        """Serve and register an agent; one with an endpoint is registered alone."""
        if endpoint is None:
            endpoint = await self._stack.enter_async_context(served(agent_app(name))) + "/mcp"
        registration = Registration(name, endpoint, AgentMetadata(capabilities=capabilities))
        async with httpx2.AsyncClient(mounts=PAST_PROXIES) as http:
            await RegistryClient(self.url, http).register(registration)

    async def call(self, dependency, **arguments):
        async with self.resolver.connect(dependency) as found:
            return None if found is None else await found(**arguments)


@pytest.fixture
def in_mesh(api):
    """Runs an async test with a mesh."""

    def run(test):
        async def with_mesh():
            async with AsyncExitStack() as stack:
                url = await stack.enter_async_context(served(api.app))
                await test(Mesh(url, stack))

        asyncio.run(with_mesh())

    return run


def test_a_dependency_is_called_at_the_agent_that_offers_it(in_mesh):
    async def test(mesh):
        await mesh.agent("other", "something_else")
        await mesh.agent("right", "who", "describe")
        assert await mesh.call("who") == "right"
        assert await mesh.call("describe", detail="x") == {"name": "right", "detail": "x"}

    in_mesh(test)


def test_a_proxy_is_not_asked_for_what_runs_here(in_mesh, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async def test(mesh):
        await mesh.agent("a", "who")
        assert await mesh.call("who") == "a"

    in_mesh(test)


def test_nobody_offers_it(in_mesh):
    async def test(mesh):
        assert await mesh.call("who") is None

    in_mesh(test)


def test_an_agent_that_does_not_answer_is_passed_over(in_mesh):
    async def test(mesh):
        with listen("127.0.0.1", 0) as closed:
            endpoint = url_of(closed) + "/mcp"
        await mesh.agent("a-killed", "who", endpoint=endpoint)
        await mesh.agent("b-without-endpoint", "who", endpoint="")
        await mesh.agent("c-alive", "who")
        assert await mesh.call("who") == "c-alive"

    in_mesh(test)


def test_healthy_agents_come_first_and_expired_ones_are_left_out(in_mesh, reference):
    async def test(mesh):
        await mesh.agent("a", "who")
        reference.time.advance(60)
        assert await mesh.call("who") == "a"
        await mesh.agent("b", "who")
        assert await mesh.call("who") == "b"
        reference.time.advance(120)
        assert await mesh.call("who") is None

    in_mesh(test)


def test_the_mesh_goes_on_without_its_registry(in_mesh):
    async def test(mesh):
        await mesh.agent("a", "who")
        assert await mesh.call("who") == "a"
        mesh.url = "http://127.0.0.1:9"  # nobody listens there
        assert await mesh.call("who") == "a"
        assert await mesh.call("describe") is None

    in_mesh(test)


def test_an_agent_without_a_mesh_has_no_dependencies():
    async def test():
        async with MeshResolver(lambda: None).connect("who") as found:
            assert found is None

    asyncio.run(test())


def test_an_error_of_the_tool_is_not_taken_for_an_absence(in_mesh):
    async def test(mesh):
        await mesh.agent("a", "broken")
        with pytest.raises(DependencyFailed, match="out of order"):
            await mesh.call("broken")

    in_mesh(test)


def test_an_agent_lost_during_the_call_is_named(in_mesh):
    async def test(mesh):
        async with AsyncExitStack() as stack:
            leaving = Mesh(mesh.url, stack)
            await leaving.agent("a", "who")
            async with mesh.resolver.connect("who") as found:
                await stack.aclose()
                with pytest.raises(DependencyUnavailable, match="'who' is not available: agent a"):
                    await found()

    in_mesh(test)


def test_an_ordinary_function_calls_without_awaiting(in_mesh):
    async def test(mesh):
        await mesh.agent("a", "describe")

        @mcp_mesh.mesh_agent(dependencies=["describe", "who"], resolver=mesh.resolver)
        def function(describe=None, who=None):
            return describe(detail="sync"), who, threading.current_thread().name

        answer, who, thread = await asyncio.to_thread(function)
        assert answer == {"name": "a", "detail": "sync"}
        assert who is None
        assert thread.startswith("asyncio")

    in_mesh(test)
