"""An agent's membership in the mesh: registered, kept alive by heartbeats, and ended."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NoReturn, TypeVar

from .backoff import LONGEST_DELAY, delays
from .clock import Clock, SystemClock
from .registration import Registration
from .registry_client import RegistrationRefused, RegistryClient, RegistryUnavailable

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Membership:
    """Registers one agent and stays registered, whatever becomes of the registry."""

    def __init__(
        self,
        registry: RegistryClient,
        registration: Registration,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._registry = registry
        self._registration = registration
        self._interval = registration.metadata.health_interval
        self._clock = clock or SystemClock()
        self._jitter = jitter

    async def keep(self) -> NoReturn:
        """Register, then send heartbeats until cancelled.

        An agent that the registry no longer knows registers again. Raises
        RegistrationRefused.
        """
        while True:
            await self._until_answered(lambda: self._registry.register(self._registration))
            logger.info("%s registered at %s", self._registration.id, self._registry.url)
            await self._beat_until_forgotten()
            logger.warning("the registry no longer knows %s", self._registration.id)

    async def end(self) -> None:
        """Leave the registry's list. A registry that is away finds out by itself."""
        try:
            await self._registry.deregister(self._registration.id)
        except RegistryUnavailable as error:
            logger.warning("%s could not deregister: %s", self._registration.id, error)

    async def _beat_until_forgotten(self) -> None:
        known = True
        due = self._clock.now()
        while known:
            # The next heartbeat follows from when this one was due, not from when it was
            # answered: a slow registry must not stretch the interval. A heartbeat that
            # came later than its successor's time is not made up for.
            due = max(due + self._interval, self._clock.now())
            await self._clock.sleep(due - self._clock.now())
            known = await self._until_answered(
                lambda: self._registry.heartbeat(self._registration.id)
            )

    async def _until_answered(self, request: Callable[[], Awaitable[T]]) -> T:
        """The registry's answer, asked for again and again while it is away."""
        silent = False
        for delay in delays(min(LONGEST_DELAY, self._interval), self._jitter):
            try:
                answer = await request()
            except RegistryUnavailable as error:
                if not silent:
                    logger.warning("%s; trying again", error)
                silent = True
                await self._clock.sleep(delay)
            else:
                if silent:
                    logger.warning("registry %s answers again", self._registry.url)
                return answer
        raise AssertionError("the delays never end")


@asynccontextmanager
async def member(membership: Membership) -> AsyncGenerator[asyncio.Task[NoReturn]]:
    """Be a member while the body runs.

    Gives the task that keeps the membership; it ends by itself only when the registry
    refuses the agent.
    """
    task = asyncio.create_task(membership.keep())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, RegistrationRefused):
            await task
        await membership.end()
