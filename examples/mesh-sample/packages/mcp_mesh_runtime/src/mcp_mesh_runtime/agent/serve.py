"""Running an agent: an MCP server that is a member of the mesh."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx2
from mcp.server.mcpserver import MCPServer

from mcp_mesh import merge, metadata_of

from ..environment import BadSetting, agent_address, registry_url
from ..listener import AddressUnavailable, ending, listen, serving, url_of
from ..loopback import PAST_PROXIES
from .membership import Membership, member
from .registration import Registration
from .registry_client import RegistrationRefused, RegistryClient

_PATH = "/mcp"


def serve(server: MCPServer[Any], *functions: Callable[..., Any]) -> NoReturn:
    """Serve the MCP server over streamable HTTP, and its functions in the mesh.

    The functions carry `@mesh_agent`; together they make one agent with the server's
    name. It listens on HOST and PORT, registers at MCP_MESH_REGISTRY_URL, and sends
    heartbeats until SIGTERM or SIGINT, which deregister it. Ends the process: code 0
    after a signal, 1 when the address is taken or the registry refuses the agent, 2 for
    a bad setting. Raises TypeError for a function without `@mesh_agent`.
    """
    metadata = merge(metadata_of(function) for function in functions)
    # The MCP server logs from INFO on, where the HTTP client tells of every heartbeat.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        listener = listen(*agent_address())
        registration = Registration(server.name, _reachable_url(listener) + _PATH, metadata)
        asyncio.run(_serve(server, listener, registration))
    except BadSetting as error:
        _exit(server, error, 2)
    except (AddressUnavailable, RegistrationRefused) as error:
        _exit(server, error, 1)
    sys.exit(0)


async def _serve(
    server: MCPServer[Any], listener: socket.socket, registration: Registration
) -> None:
    host = urlsplit(url_of(listener)).hostname or ""
    app = server.streamable_http_app(streamable_http_path=_PATH, stateless_http=True, host=host)
    with ending() as ended:
        # Left in reverse: the agent is out of the registry's list before it stops serving.
        async with serving(app, listener), _membership(registration) as membership:
            # All that was imported lives as long as the process: a collection that looks at it,
            # as the one at the end does, only takes time.
            gc.freeze()
            print(f"{server.name} serves on {registration.endpoint}", file=sys.stderr, flush=True)
            signalled = asyncio.create_task(ended.wait())
            either: set[asyncio.Future[Any]] = {signalled, membership}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            signalled.cancel()
            if membership.done():
                membership.result()  # raises what ended it


@asynccontextmanager
async def _membership(registration: Registration) -> AsyncGenerator[asyncio.Future[NoReturn]]:
    """What ends when the registry refuses the agent; never without a registry."""
    url = registry_url()
    if url is None:
        yield asyncio.get_running_loop().create_future()
        return
    async with (
        httpx2.AsyncClient(mounts=PAST_PROXIES) as http,
        member(Membership(RegistryClient(url, http), registration)) as task,
    ):
        yield task


def _reachable_url(listener: socket.socket) -> str:
    """The URL at which others reach the agent; a wildcard address is reached by host name."""
    url = url_of(listener)
    host, port = listener.getsockname()[:2]
    return f"http://{socket.gethostname()}:{port}" if host in ("0.0.0.0", "::") else url


def _exit(server: MCPServer[Any], error: Exception, code: int) -> NoReturn:
    print(f"{server.name}: {error}", file=sys.stderr)
    sys.exit(code)
