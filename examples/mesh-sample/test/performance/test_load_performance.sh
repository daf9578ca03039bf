#!/bin/bash
# Puts load on the Go registry: 50 Python agents, 1000 requests, then its memory.
# Needs ./bin/mcp-mesh-dev (make build-all), port 8080, and a python that has the
# packages installed.
set -u
cd "$(dirname "$0")/../.."

DATA=$(mktemp -d)
export MCP_MESH_DB_PATH="$DATA/registry.db"
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$DATA"' EXIT

echo "⚡ Load testing Go registry performance (target: 10x improvement)..."

# Start Go registry
./bin/mcp-mesh-dev start --registry-only &
REG_PID=$!
sleep 3

if ! kill -0 $REG_PID 2>/dev/null; then
    echo "❌ Go registry did not start"
    exit 1
fi

# Test 1: Concurrent agent registrations
echo "📊 Testing 50 concurrent agent registrations..."
START_TIME=$(date +%s%N)

# Agents stay until they are told to end, so they are not waited for: what counts is
# when the last of them has registered. All have one id, so each one's own log says
# so. Most of that time is Python starting up 50 times.
AGENT_PIDS=()
for i in {1..50}; do
    MCP_MESH_REGISTRY_URL=http://localhost:8080 \
        timeout 120 python examples/hello_world.py 2>"$DATA/agent-$i.log" &
    AGENT_PIDS+=($!)
done

for _ in {1..240}; do
    REGISTERED=$(grep -l "registered at" "$DATA"/agent-*.log | wc -l)
    [ "$REGISTERED" -eq 50 ] && break
    sleep 0.5
done

END_TIME=$(date +%s%N)
TOTAL_TIME=$((($END_TIME - $START_TIME) / 1000000))
if [ "$REGISTERED" -ne 50 ]; then
    echo "❌ $REGISTERED of 50 agents registered after ${TOTAL_TIME}ms"
    sort "$DATA"/agent-*.log | uniq -c | sort -rn | head -5
    exit 1
fi
if ! curl -s http://localhost:8080/agents | grep -q "hello-world-demo"; then
    echo "❌ The agents are not in the registry"
    exit 1
fi
echo "✅ 50 agent registrations completed in: ${TOTAL_TIME}ms"
echo "📊 Average per agent: $((TOTAL_TIME / 50))ms"

kill "${AGENT_PIDS[@]}"
wait "${AGENT_PIDS[@]}"

# Test 2: API throughput
echo "📊 Testing API request throughput..."
START_API=$(date +%s%N)

# Each batch of 100 is waited for by its pids: a bare wait would wait for the
# registry as well, which never ends.
REQUEST_PIDS=()
for i in {1..1000}; do
    curl -sf http://localhost:8080/agents >/dev/null &
    REQUEST_PIDS+=($!)
    if [ $((i % 100)) -eq 0 ]; then
        for pid in "${REQUEST_PIDS[@]}"; do
            wait "$pid" || { echo "❌ A request failed"; exit 1; }
        done
        REQUEST_PIDS=()
    fi
done

END_API=$(date +%s%N)
API_TIME=$((($END_API - $START_API) / 1000000))
echo "✅ 1000 API requests completed in: ${API_TIME}ms"
echo "📊 Requests per second: $((1000 * 1000 / API_TIME))"

# Test 3: Memory usage under load
MEMORY_USAGE=$(ps -o rss= -p $REG_PID)
echo "📊 Memory usage under load: ${MEMORY_USAGE}KB"

if [ "$MEMORY_USAGE" -lt 51200 ]; then
    echo "✅ Memory usage within target (<50MB)"
else
    echo "❌ Memory usage above target (${MEMORY_USAGE}KB > 50MB)"
    exit 1
fi

# Cleanup
kill $REG_PID
wait $REG_PID || { echo "❌ Go registry did not end cleanly"; exit 1; }
echo "✅ Load testing completed"
