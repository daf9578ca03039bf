"""A tool of another agent, called over MCP."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from mcp_mesh import DependencyUnavailable

from .registry_client import Offer

logger = logging.getLogger(__name__)

# What an agent that is away, or dies during a call, shows as. The MCP client runs in a
# task group, which wraps what goes wrong in an exception group.
_LOST = (ExceptionGroup, MCPError, httpx2.HTTPError, OSError)


class DependencyFailed(RuntimeError):
    """The tool behind a dependency ran and reported an error."""


class ToolProxy:
    """Calls the tool that stands behind a capability at the agent that offers it."""

    def __init__(self, capability: str, offer: Offer, http: httpx2.AsyncClient) -> None:
        self._capability = capability
        self._offer = offer
        self._http = http

    async def is_reachable(self) -> bool:
        """Whether the agent answers as an MCP server."""
        try:
            async with self._session():
                return True
        except _LOST as error:
            logger.warning("agent %s does not answer: %s", self._offer.agent_id, _first(error))
            return False

    async def __call__(self, **arguments: Any) -> Any:
        """The tool's answer: structured when it has a structure, otherwise its text.

        Raises DependencyFailed when the tool reports an error, and
        DependencyUnavailable when the agent is lost during the call.
        """
        try:
            async with self._session() as session:
                result = await session.call_tool(self._capability, arguments)
        except _LOST as error:
            reason = f"agent {self._offer.agent_id}: {_first(error)}"
            raise DependencyUnavailable(self._capability, reason) from error
        if result.is_error:
            raise DependencyFailed(f"{self._capability}: {_text(result)}")
        return _answer(result)

    def _session(self) -> Client:
        # One session for each call: it holds no state that a second call could use, and
        # the HTTP client keeps the connection.
        return Client(streamable_http_client(self._offer.endpoint, http_client=self._http))


def _answer(result: CallToolResult) -> Any:
    structured = result.structured_content
    if structured is None:
        return _text(result)
    # MCP servers wrap an answer that is no object as {"result": answer}.
    if isinstance(structured, dict) and set(structured) == {"result"}:
        return structured["result"]
    return structured


def _text(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def _first(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__
