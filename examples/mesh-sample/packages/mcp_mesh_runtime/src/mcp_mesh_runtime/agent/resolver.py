"""Dependencies out of the mesh: found in the registry, called over MCP."""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
from anyio.from_thread import start_blocking_portal

from mcp_mesh import Dependency

from ..environment import registry_url
from ..loopback import PAST_PROXIES
from .proxy import ToolProxy
from .registry_client import Offer, RegistryClient, RegistryUnavailable

logger = logging.getLogger(__name__)

_TIMEOUT = httpx2.Timeout(30.0, connect=2.0)


class MeshResolver:
    """Connects to the first agent that offers a dependency and answers.

    The registry is asked at each call. While it is away, the agents it named last are
    tried: a mesh goes on working without its registry.
    """

    def __init__(self, url: Callable[[], str | None] = registry_url) -> None:
        self._url = url
        self._last_offers: dict[str, list[Offer]] = {}

    @asynccontextmanager
    async def connect(self, dependency: str) -> AsyncGenerator[Dependency | None]:
        """An async callable, or None when no agent that offers the dependency answers."""
        url = self._url()
        if url is None:
            yield None
            return
        async with httpx2.AsyncClient(timeout=_TIMEOUT, mounts=PAST_PROXIES) as http:
            yield await self._first_reachable(RegistryClient(url, http), dependency, http)

    @contextmanager
    def connect_blocking(self, dependency: str) -> Generator[Dependency | None]:
        """The same for an ordinary function, with an event loop in a thread of its own."""
        with (
            start_blocking_portal() as portal,
            portal.wrap_async_context_manager(self.connect(dependency)) as found,
        ):
            if found is None:
                yield None
                return

            def call(**arguments: Any) -> Any:
                return portal.call(functools.partial(found, **arguments))

            yield call

    async def _first_reachable(
        self, registry: RegistryClient, dependency: str, http: httpx2.AsyncClient
    ) -> ToolProxy | None:
        try:
            self._last_offers[dependency] = await registry.offers(dependency)
        except RegistryUnavailable as error:
            logger.warning("%s; using what it said last", error)
        for offer in self._last_offers.get(dependency, []):
            proxy = ToolProxy(dependency, offer, http)
            if await proxy.is_reachable():
                return proxy
        return None
