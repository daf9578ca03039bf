#!/bin/bash
# Starts the registry in its two deployment modes, one after the other, and asks
# each for its health. Needs ./bin/mcp-mesh-registry and ./bin/mcp-mesh-dev (make
# build-all) and port 8080.
set -u
cd "$(dirname "$0")/../.."

DATA=$(mktemp -d)
export MCP_MESH_DB_PATH="$DATA/registry.db"
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$DATA"' EXIT

echo "🚀 Testing registry deployment flexibility..."

# Test 1: Standalone registry binary
echo "📦 Testing standalone registry binary..."
./bin/mcp-mesh-registry &
STANDALONE_PID=$!
sleep 2

# The process must live: something else may have held the port before
if kill -0 $STANDALONE_PID 2>/dev/null && curl -s http://localhost:8080/health | grep -q "ok"; then
    echo "✅ Standalone registry binary works"
else
    echo "❌ Standalone registry binary failed"
    exit 1
fi
kill $STANDALONE_PID
wait $STANDALONE_PID || { echo "❌ Standalone registry did not end cleanly"; exit 1; }

# Test 2: CLI embedded registry
echo "🛠️ Testing CLI embedded registry..."
./bin/mcp-mesh-dev start --registry-only &
CLI_PID=$!
sleep 2

if kill -0 $CLI_PID 2>/dev/null && curl -s http://localhost:8080/health | grep -q "ok"; then
    echo "✅ CLI embedded registry works"
else
    echo "❌ CLI embedded registry failed"
    exit 1
fi
kill $CLI_PID
wait $CLI_PID || { echo "❌ Embedded registry did not end cleanly"; exit 1; }

echo "✅ Deployment flexibility validated: same registry code works in both modes"
