"""Settings of the registry: flags, and the environment variables behind them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ..environment import BadSetting, port_number
from .lifetimes import Lifetimes

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """How one registry is to run."""

    host: str
    port: int
    database: str
    lifetimes: Lifetimes


@dataclass(frozen=True, slots=True)
class _Setting:
    """One row of the contract's table; the first variable that is set counts."""

    flag: str
    variables: tuple[str, ...]
    default: str | None
    meaning: str
    read: Callable[[str, str], Any]


def duration_seconds(setting: str, given: str) -> float:
    """Seconds of a duration with a unit, as 500ms, 30s, 5m or 24h. Raises BadSetting."""
    parts = _DURATION.fullmatch(given)
    seconds = float(parts[1]) * _SECONDS[parts[2]] if parts else 0.0
    if seconds <= 0 or seconds == float("inf"):
        raise BadSetting(
            f"{setting} must be a duration above zero, as 500ms, 30s, 5m or 24h, not {given!r}"
        )
    return seconds


def _text(_setting: str, given: str) -> str:
    return given


def _database(setting: str, given: str) -> str:
    """DATABASE_URL: three slashes before a relative path, four before an absolute one."""
    if setting != "DATABASE_URL":
        return given
    path = given.removeprefix("sqlite:///")
    if path in ("", given):
        raise BadSetting(f"{setting} must be sqlite:///path, not {given!r}")
    return path


_SETTINGS = (
    _Setting(
        "--host",
        ("MCP_MESH_REGISTRY_HOST", "HOST"),
        "127.0.0.1",
        "address to listen on",
        _text,
    ),
    _Setting(
        "--port",
        ("MCP_MESH_REGISTRY_PORT", "PORT"),
        "8080",
        "port to listen on, 0 for a free one",
        port_number,
    ),
    _Setting(
        "--db",
        ("MCP_MESH_DB_PATH", "DATABASE_URL"),
        "mcp-mesh-registry.db",
        "path of the SQLite database",
        _database,
    ),
    _Setting(
        "--degraded-after",
        ("MCP_MESH_DEGRADED_AFTER",),
        None,
        "silence after which an agent is degraded (default: 2 times its health interval)",
        duration_seconds,
    ),
    _Setting(
        "--expired-after",
        ("MCP_MESH_EXPIRED_AFTER",),
        None,
        "silence after which an agent is expired (default: 4 times its health interval)",
        duration_seconds,
    ),
    _Setting(
        "--retention",
        ("MCP_MESH_RETENTION",),
        "24h",
        "time after which an expired agent is forgotten",
        duration_seconds,
    ),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadSetting(message)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Give the parser the registry's flags."""
    for row in _SETTINGS:
        default = f" (default: {row.default})" if row.default else ""
        parser.add_argument(
            row.flag, help=f"{row.meaning}{default} [{', '.join(row.variables)}]", metavar="VALUE"
        )


def settings_of(flags: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    """The settings from parsed flags and, where no flag was given, the environment.

    Raises BadSetting.
    """
    host, port, database, degraded, expired, retention = (
        _value(row, flags, environment) for row in _SETTINGS
    )
    return Settings(host, port, database, Lifetimes(degraded, expired, retention))


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """The settings of a registry started with these arguments. Raises BadSetting.

    `--help` prints the flags and ends the process.
    """
    parser = _Parser(
        prog="python -m mcp_mesh_runtime.server.registry_server",
        description="Run the reference registry until SIGTERM or SIGINT.",
        allow_abbrev=False,
    )
    add_flags(parser)
    return settings_of(parser.parse_args(arguments), environment)


def _value(row: _Setting, flags: argparse.Namespace, environment: Mapping[str, str]) -> Any:
    given = getattr(flags, row.flag.removeprefix("--").replace("-", "_"))
    if given is not None:
        return row.read(row.flag, given)
    for variable in row.variables:
        if text := environment.get(variable):
            return row.read(variable, text)
    return None if row.default is None else row.read(row.flag, row.default)
