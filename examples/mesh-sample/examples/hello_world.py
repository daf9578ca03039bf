"""An agent that greets, and knows more when system_agent.py runs beside it."""

from mcp.server.mcpserver import MCPServer

from mcp_mesh import Dependency
from mcp_mesh_runtime import mesh_agent, serve

server = MCPServer("hello-world-demo", version="1.0.0")


@server.tool()
@mesh_agent(
    capabilities=["greeting"],
    dependencies=["system_info"],
    health_interval=0.4,  # short, so that a demonstration sees a killed agent degrade
    version="1.0.0",
    description="Greets the caller",
    tags=["demo"],
)
async def greeting(name: str = "world", system_info: Dependency | None = None) -> str:
    """Greet somebody, from the machine that system_agent.py describes if it is there."""
    if system_info is None:
        return f"Hello, {name}! No system agent is in the mesh."
    machine = await system_info()
    return f"Hello, {name}, from {machine['system']} on {machine['machine']}!"


if __name__ == "__main__":
    serve(server, greeting)
