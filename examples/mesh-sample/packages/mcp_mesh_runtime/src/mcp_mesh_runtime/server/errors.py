"""The one form that every error has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

Code = Literal[
    "malformed_json",
    "not_found",
    "method_not_allowed",
    "payload_too_large",
    "validation_failed",
    "internal_error",
]

MAX_BODY_BYTES = 1 << 20


class FieldError(BaseModel):
    """What is wrong with one field of a body or a query."""

    field: str
    message: str


class ErrorBody(BaseModel):
    """What went wrong; fields belong to validation_failed alone."""

    code: Code
    message: str
    fields: list[FieldError] = Field([], exclude_if=lambda fields: not fields)


class Error(BaseModel):
    """The body of every answer of 400 and above."""

    error: ErrorBody


class Problem(Exception):
    """An error that the client is told about."""

    def __init__(
        self,
        status: int,
        code: Code,
        message: str,
        fields: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.body = Error(error=ErrorBody(code=code, message=message, fields=list(fields)))


def malformed_json() -> Problem:
    """The body cannot be read."""
    return Problem(400, "malformed_json", "the body is not a JSON object")


def unknown_agent(agent_id: str) -> Problem:
    """Nobody has that id."""
    return Problem(404, "not_found", f'no agent "{agent_id}"')


def unknown_route(path: str) -> Problem:
    """Nothing is at that path."""
    return Problem(404, "not_found", f'no route "{path}"')


def method_not_allowed(method: str, allowed: Sequence[str]) -> Problem:
    """The path has other methods."""
    message = f"{method} is not allowed here"
    return Problem(405, "method_not_allowed", message, headers={"Allow": ", ".join(allowed)})


def payload_too_large() -> Problem:
    """The body is over the limit."""
    return Problem(413, "payload_too_large", f"the body is over {MAX_BODY_BYTES} bytes")


def validation_failed(fields: Sequence[tuple[str, str]]) -> Problem:
    """Fields, each with what is wrong with it."""
    message = "1 field is not valid" if len(fields) == 1 else f"{len(fields)} fields are not valid"
    errors = [FieldError(field=field, message=reason) for field, reason in fields]
    return Problem(422, "validation_failed", message, errors)


async def tell(_request: Request, problem: Exception) -> Response:
    """The answer for a problem."""
    if not isinstance(problem, Problem):  # a bug, which the server has logged
        problem = Problem(500, "internal_error", "the registry could not answer")
    return Response(
        problem.body.model_dump_json(), problem.status, problem.headers, "application/json"
    )
