"""The OpenAPI document of the reference says what the Go registry's says."""

from __future__ import annotations

import json
from typing import Any

from programs import SAMPLE

GO = SAMPLE / "internal" / "registry" / "openapi.json"


def test_the_documents_agree(api):
    assert outline(api.get("/openapi.json").json()) == outline(json.loads(GO.read_text()))


def outline(document: dict[str, Any]) -> dict[str, Any]:
    """Routes, parameters, statuses, and the names and constraints in their schemas."""

    def resolve(node: Any) -> Any:
        if isinstance(node, dict) and "$ref" in node:
            target: Any = document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            return resolve(target)
        return node

    def schema(node: Any) -> Any:
        node = resolve(node)
        for alternatives in ("oneOf", "anyOf"):
            if alternatives in node:
                first, null = node[alternatives]
                return {**schema(first), "nullable": null == {"type": "null"}}
        found = {k: node[k] for k in ("pattern", "maxLength", "maxItems", "enum") if k in node}
        if "properties" in node:
            found["properties"] = {k: schema(v) for k, v in sorted(node["properties"].items())}
            found["required"] = sorted(node.get("required", []))
        if "items" in node:
            found["items"] = schema(node["items"])
        kind = node.get("type")
        nullable = isinstance(kind, list)
        return {**found, "type": kind[0] if nullable else kind, "nullable": nullable}

    def content(node: dict[str, Any]) -> Any:
        body = resolve(node).get("content")
        return None if body is None else {kind: schema(v["schema"]) for kind, v in body.items()}

    def operation(node: dict[str, Any], shared: list[dict[str, Any]]) -> dict[str, Any]:
        parameters = shared + node.get("parameters", [])
        return {
            "id": node["operationId"],
            "parameters": sorted(
                (p["name"], p["in"], p.get("required", False)) for p in parameters
            ),
            "body": content(node["requestBody"]) if "requestBody" in node else None,
            "responses": {s: content(r) for s, r in sorted(node["responses"].items())},
        }

    return {
        f"{method} {path}": operation(node, methods.get("parameters", []))
        for path, methods in document["paths"].items()
        for method, node in methods.items()
        if method != "parameters"
    }
