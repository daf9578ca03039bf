"""Agents as processes, when something is wrong with their surroundings."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

from programs import REFERENCE, Program, registry

HELLO = [sys.executable, "examples/hello_world.py"]
BADLY_NAMED = [
    sys.executable,
    "-c",
    "from mcp.server.mcpserver import MCPServer\n"
    "from mcp_mesh_runtime import mesh_agent, serve\n"
    "serve(MCPServer('no good name'), mesh_agent()(lambda: None))",
]


def ended(command, output, **environment):
    """The exit code and the last line of an agent that ends by itself."""
    program = Program(command, output, **environment)
    try:
        return program.wait(), program.text().splitlines()[-1]
    finally:
        program.kill()


def test_an_agent_that_cannot_serve_says_why_and_ends(tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        registry(REFERENCE, tmp_path) as (_, url),
        ThreadPoolExecutor() as threads,
    ):
        port = str(taken.getsockname()[1])
        runs = [
            threads.submit(ended, HELLO, tmp_path / "taken", PORT=port),
            threads.submit(ended, BADLY_NAMED, tmp_path / "name", MCP_MESH_REGISTRY_URL=url),
        ]
        in_use, refused = [run.result() for run in runs]
    assert in_use == (
        1,
        f"hello-world-demo: cannot listen on 127.0.0.1:{port}: Address already in use",
    )
    assert refused[0] == 1
    assert refused[1].startswith("no good name: name must match ^[A-Za-z0-9]")
