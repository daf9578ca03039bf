# The developer's image: the Go CLI with its embedded registry, and the Python packages
# with the example agents.
#
#   make build-cli
#   docker build -f docker/cli.Dockerfile -t mcp-mesh-cli .
#   docker run -p 127.0.0.1:8080:8080 mcp-mesh-cli
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE}

# More arguments for pip: "--no-index --no-build-isolation" builds without a network on a
# base that has the dependencies and hatchling.
ARG PIP_ARGUMENTS=""

WORKDIR /app
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --require-hashes ${PIP_ARGUMENTS} -r requirements.txt
COPY packages/ packages/
RUN python -m pip install --no-cache-dir --no-deps ${PIP_ARGUMENTS} \
    packages/mcp_mesh/ packages/mcp_mesh_runtime/
COPY examples/ examples/

ARG TARGETARCH
COPY bin/mcp-mesh-dev-linux-${TARGETARCH:-amd64} /usr/local/bin/mcp-mesh-dev

COPY --chown=65532:65532 docker/data/ /data/
# Not HOST and PORT: agents in this image read those, too.
ENV MCP_MESH_REGISTRY_HOST=0.0.0.0 \
    MCP_MESH_REGISTRY_PORT=8080 \
    MCP_MESH_DB_PATH=/data/registry.db \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["mcp-mesh-dev", "start", "--registry-only"]
