"""The OpenAPI document: FastAPI's own, with the bodies and errors that it cannot see."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .errors import Error
from .lifetimes import STATUSES
from .schemas import Heartbeat, Registration

_REF = "#/components/schemas/{model}"

_ERRORS = {
    400: "The body is not a JSON object",
    404: "No such agent",
    405: "The path has other methods",
    413: "The body is over 1048576 bytes",
    422: "Fields of the body or of the query are not valid",
    500: "The change could not be stored",
}

FILTERS: dict[str, Any] = {
    "parameters": [
        {"name": "capability", "in": "query", "required": False, "schema": {"type": "string"}},
        {"name": "name", "in": "query", "required": False, "schema": {"type": "string"}},
        {
            "name": "status",
            "in": "query",
            "required": False,
            "schema": {"type": "string", "enum": list(STATUSES)},
        },
    ]
}
"""The query of `GET /agents`, which is read by hand for the sake of its errors."""


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's errors, as FastAPI takes them."""
    return {status: {"model": Error, "description": _ERRORS[status]} for status in statuses}


def reads(body: type[BaseModel]) -> dict[str, Any]:
    """A route's body, as FastAPI takes it."""
    schema = {"$ref": _REF.format(model=body.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The application's document."""
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _, bodies = models_json_schema(
        [(Registration, "validation"), (Heartbeat, "validation")], ref_template=_REF
    )
    for field in bodies["$defs"]["Registration"]["properties"].values():
        if "default" in field:
            _allow_null(field)
    schemas = made["components"]["schemas"]
    schemas |= bodies["$defs"]
    # FastAPI expects that the id in a path may be invalid; here any text is one.
    for path in made["paths"].values():
        for operation in path.values():
            if operation["responses"].get("422", {}).get("description") == "Validation Error":
                del operation["responses"]["422"]
    del schemas["HTTPValidationError"], schemas["ValidationError"]
    return made


def _allow_null(schema: dict[str, Any]) -> None:
    """Null for a field that has a default means the default."""
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    else:
        schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"type": "null"}]
