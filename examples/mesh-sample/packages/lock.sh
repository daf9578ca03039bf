#!/bin/sh
# Writes requirements.txt and requirements-test.txt: every dependency of the two packages,
# pinned and with its hashes, for all platforms and Python versions. Needs uv.
set -eu
cd "$(dirname "$0")/.."

lock() {
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-emit-package mcp-mesh-sample \
        --custom-compile-command packages/lock.sh --output-file "$output" "$@"
}

# The runtime requires the other package, which is here and on no index.
local=$(mktemp)
trap 'rm -f "$local"' EXIT
echo "mcp-mesh-sample @ file://$PWD/packages/mcp_mesh" >"$local"

lock requirements.txt packages/mcp_mesh_runtime/pyproject.toml "$local"
lock requirements-test.txt --constraint requirements.txt \
    --group packages/mcp_mesh_runtime/pyproject.toml:test \
    packages/mcp_mesh_runtime/pyproject.toml "$local"
