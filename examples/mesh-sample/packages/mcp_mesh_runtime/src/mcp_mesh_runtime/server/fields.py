"""The types of what clients send, and the words for what is wrong with it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import TypeAliasType

from mcp_mesh import MAX_HEALTH_INTERVAL, MIN_HEALTH_INTERVAL

_MAX_ENTRIES = 100
MAX_ENTRY_LENGTH = 128

# The grammar of RFC 3986 where a mistake would leave no usable host or port. Control
# characters, and a percent sign that starts no escape, are wrong wherever they stand.
_WEB_ADDRESS = re.compile(
    r"""(?xi) https?://
    (?: [a-z0-9._~!$&'()*+,;=:%@-]* @ )?
    (?: \[ [0-9a-f:.]+ (?: %25 [^\]]+ )? \] | [^\x20/?\#@:\[\]%\\^`{|}]+ )
    (?: : [0-9]* )?
    (?: / (?: [^?\#%] | %[0-9a-f]{2} )* )?
    (?: \? [^\#]* )?
    (?: \# (?: [^%] | %[0-9a-f]{2} )* )?
    """,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _web_address(text: str) -> str:
    if text and (_CONTROL.search(text) or not _WEB_ADDRESS.fullmatch(text)):
        raise PydanticCustomError("web_address", "must be an http or https URL")
    return text


def _texts(given: Any) -> list[str]:
    """The entries without repetitions; the limits hold for the list as it was sent."""
    if not isinstance(given, list) or not all(isinstance(entry, str) for entry in given):
        raise PydanticCustomError("texts", "must be a list of strings")
    if len(given) > _MAX_ENTRIES:
        raise PydanticCustomError("texts", f"must have at most {_MAX_ENTRIES} entries")
    if not all(1 <= len(entry) <= MAX_ENTRY_LENGTH for entry in given):
        raise PydanticCustomError(
            "texts", f"must have entries of 1 to {MAX_ENTRY_LENGTH} characters"
        )
    return list(dict.fromkeys(given))


Identifier = TypeAliasType(
    "Identifier",
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")],
)
WebAddress = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_web_address)]
Texts = TypeAliasType(
    "Texts",
    Annotated[
        list[str],
        BeforeValidator(_texts),
        WithJsonSchema(
            {
                "type": "array",
                "maxItems": _MAX_ENTRIES,
                "items": {"type": "string", "minLength": 1, "maxLength": MAX_ENTRY_LENGTH},
            }
        ),
    ],
)
Version = Annotated[str, StringConstraints(max_length=64)]
Description = Annotated[str, StringConstraints(max_length=1024)]
HealthInterval = Annotated[float, Field(ge=MIN_HEALTH_INTERVAL, le=MAX_HEALTH_INTERVAL)]
Time = TypeAliasType(
    "Time",
    Annotated[
        str,
        WithJsonSchema(
            {
                "type": "string",
                "format": "date-time",
                "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$",
            }
        ),
    ],
)


def rejected(error: ValidationError) -> list[tuple[str, str]]:
    """The names of the fields that are not valid, in the model's order, and why."""
    return [(str(problem["loc"][0]), _message(problem)) for problem in error.errors()]


def _message(problem: ErrorDetails) -> str:
    context = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return "is required"
        case "string_type":
            return "must be a string"
        case "string_pattern_mismatch":
            return f"must match {context['pattern']}"
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "float_type":
            return "must be a number"
        case "greater_than_equal" | "less_than_equal":
            return f"must be between {MIN_HEALTH_INTERVAL:g} and {MAX_HEALTH_INTERVAL:g}"
        case _:
            return problem["msg"]
