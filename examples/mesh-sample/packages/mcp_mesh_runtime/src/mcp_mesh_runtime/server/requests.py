"""Reading what a client sent."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from pydantic import ValidationError

from .errors import MAX_BODY_BYTES, malformed_json, payload_too_large, validation_failed
from .fields import rejected
from .lifetimes import STATUSES, Status
from .registry import Filter
from .schemas import Heartbeat, Registration

_SURROGATE = re.compile("[\ud800-\udfff]")


async def _body(request: Request) -> bytes:
    """The body. Raises payload_too_large as soon as it is known."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise payload_too_large()
    return bytes(body)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _whole(value: Any) -> Any:
    """The value with U+FFFD for every half of a pair that JSON's escapes left alone.

    Such a half has no form in UTF-8, so it could be neither stored nor sent back.
    """
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [_whole(entry) for entry in value]
        case dict():
            return {_whole(key): _whole(entry) for key, entry in value.items()}
        case _:
            return value


async def _json_object(body: Annotated[bytes, Depends(_body)]) -> dict[str, Any]:
    """The body as a JSON object, whatever its content type says. Raises malformed_json."""
    try:
        text = body.decode()
        # Numbers become floats at once: the registry needs no others, and an integer of
        # a million digits costs no more than any other number.
        value = json.loads(text, parse_int=float, parse_constant=_no_constant)
        if "\\u" in text:
            value = _whole(value)
    except (ValueError, RecursionError) as error:
        raise malformed_json() from error
    if not isinstance(value, dict):
        raise malformed_json()
    return value


async def registration(body: Annotated[dict[str, Any], Depends(_json_object)]) -> Registration:
    """The body of a registration. Raises validation_failed."""
    try:
        return Registration.model_validate(body)
    except ValidationError as error:
        raise validation_failed(rejected(error)) from error


async def heartbeat(body: Annotated[dict[str, Any], Depends(_json_object)]) -> Heartbeat:
    """The body of a heartbeat. Raises validation_failed."""
    try:
        return Heartbeat.model_validate(body)
    except ValidationError as error:
        raise validation_failed(rejected(error)) from error


async def agent_filter(request: Request) -> Filter:
    """The filters of a query; other parameters are ignored. Raises validation_failed."""
    wrong: list[tuple[str, str]] = []

    def once(name: str) -> str | None:
        values = request.query_params.getlist(name)
        if len(values) > 1:
            wrong.append((name, "must be given once"))
        return values[0] if len(values) == 1 else None

    capability, name, given = once("capability"), once("name"), once("status")
    status: Status | None = next((s for s in STATUSES if s == given), None)
    if given is not None and status is None:
        wrong.append(("status", f"must be one of {', '.join(STATUSES)}"))
    if wrong:
        raise validation_failed(wrong)
    return Filter(capability, name, status)
