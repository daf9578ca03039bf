# The standalone registry for production: the verified binary of bin/, and nothing else.
#
#   make build-registry
#   docker build -f docker/registry.Dockerfile -t mcp-mesh-registry .
#   docker run -p 127.0.0.1:8080:8080 -v mesh-data:/data mcp-mesh-registry
FROM scratch

# BuildKit sets the platform that it builds for; the classic builder leaves it empty.
ARG TARGETARCH
COPY bin/mcp-mesh-registry-linux-${TARGETARCH:-amd64} /mcp-mesh-registry

# An empty folder: there is no shell here to make one that the user below may write to.
COPY --chown=65532:65532 docker/data/ /data/

ENV HOST=0.0.0.0 \
    PORT=8080 \
    MCP_MESH_DB_PATH=/data/registry.db
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/mcp-mesh-registry"]
