#!/bin/bash
# Starts the Go registry and one Python agent, and looks for the agent in the
# registry. Needs ./bin/mcp-mesh-dev (make build-all), port 8080, and a python that
# has the packages installed.
set -u
cd "$(dirname "$0")/../.."

DATA=$(mktemp -d)
export MCP_MESH_DB_PATH="$DATA/registry.db"
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$DATA"' EXIT

echo "🔍 Testing Go registry + Python decorators integration..."

# Start Go registry
./bin/mcp-mesh-dev start --registry-only &
REGISTRY_PID=$!
sleep 2

# The right registry must answer, not one that happened to hold the port before
if ! kill -0 $REGISTRY_PID 2>/dev/null; then
    echo "❌ Go registry did not start"
    exit 1
fi

# Test Python agent registration with Go registry
echo "🐍 Testing Python agent with Go registry..."
MCP_MESH_REGISTRY_URL=http://localhost:8080 timeout 10 python examples/hello_world.py &
AGENT_PID=$!
sleep 5

# Verify registration
if curl -s http://localhost:8080/agents | grep -q "hello-world-demo"; then
    echo "✅ Python agent registered with Go registry"
else
    echo "❌ Python agent failed to register with Go registry"
    exit 1
fi

# Cleanup
kill $AGENT_PID $REGISTRY_PID
wait $REGISTRY_PID || { echo "❌ Go registry did not end cleanly"; exit 1; }
echo "✅ Integration test passed: Go registry + Python decorators work together"
