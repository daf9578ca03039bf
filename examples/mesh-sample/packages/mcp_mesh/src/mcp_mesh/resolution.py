"""How a function gets its dependencies: the interface, and the answer without a mesh."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from typing import Any, Protocol

Dependency = Callable[..., Any]
"""What is injected: call it with the arguments of the tool behind the capability.

In an async function the answer is awaited; in an ordinary function it is the value.
"""


class DependencyUnavailable(RuntimeError):
    """Nobody offers the dependency, or the one who offered it went away during the call."""

    def __init__(self, dependency: str, reason: str = "no agent offers it") -> None:
        super().__init__(f"dependency {dependency!r} is not available: {reason}")
        self.dependency = dependency


class Resolver(Protocol):
    """Connects a function with its dependencies, for the length of one call.

    Both methods give None when nobody offers the dependency; that is no error here,
    since only the function's fallback mode can tell what it means.
    """

    def connect(self, dependency: str) -> AbstractAsyncContextManager[Dependency | None]:
        """The dependency for an async function."""

    def connect_blocking(self, dependency: str) -> AbstractContextManager[Dependency | None]:
        """The dependency for an ordinary function. May block the thread."""


class FixedDependencies:
    """Injects the callables it was given: for tests, and for a program without a mesh."""

    def __init__(self, dependencies: Mapping[str, Dependency] | None = None) -> None:
        self._dependencies = dict(dependencies or {})

    @asynccontextmanager
    async def connect(self, dependency: str) -> AsyncGenerator[Dependency | None]:
        """The callable of that name, as it was given."""
        yield self._dependencies.get(dependency)

    @contextmanager
    def connect_blocking(self, dependency: str) -> Generator[Dependency | None]:
        """The callable of that name, as it was given."""
        yield self._dependencies.get(dependency)
