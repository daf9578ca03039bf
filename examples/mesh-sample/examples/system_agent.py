"""An agent that tells about the machine it runs on."""

import os
import platform

from mcp.server.mcpserver import MCPServer

from mcp_mesh_runtime import mesh_agent, serve

server = MCPServer("system-agent-demo", version="1.0.0")


@server.tool()
@mesh_agent(
    capabilities=["system_info"],
    health_interval=0.4,  # short, so that a demonstration sees a killed agent degrade
    version="1.0.0",
    description="Tells about the machine",
    tags=["demo"],
)
def system_info() -> dict[str, str]:
    """The machine's operating system, architecture and number of processors."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": str(os.cpu_count()),
    }


if __name__ == "__main__":
    serve(server, system_info)
