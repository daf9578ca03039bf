"""Wraps a function so that it is called with its dependencies."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from inspect import BoundArguments, Parameter, Signature
from typing import Any

from .metadata import AgentMetadata
from .resolution import Dependency, DependencyUnavailable, Resolver


def inject(
    function: Callable[..., Any], metadata: AgentMetadata, resolver: Resolver
) -> Callable[..., Any]:
    """The function with its dependencies filled in by the resolver at each call.

    It is async when the function is. Its signature lacks the injected parameters, which
    can still be passed by keyword. Raises ValueError for a dependency without a
    parameter of its name.
    """
    call = _Call(function, metadata)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def injected_async(*args: Any, **kwargs: Any) -> Any:
            arguments = call.bind(args, kwargs)
            async with AsyncExitStack() as connections:
                for name in call.missing(arguments):
                    found = await connections.enter_async_context(resolver.connect(name))
                    call.fill(arguments, name, found)
                return await function(*arguments.args, **arguments.kwargs)

        wrapper: Callable[..., Any] = injected_async
    else:

        @functools.wraps(function)
        def injected(*args: Any, **kwargs: Any) -> Any:
            arguments = call.bind(args, kwargs)
            with ExitStack() as connections:
                for name in call.missing(arguments):
                    found = connections.enter_context(resolver.connect_blocking(name))
                    call.fill(arguments, name, found)
                return function(*arguments.args, **arguments.kwargs)

        wrapper = injected

    wrapper.__signature__ = call.exposed  # type: ignore[attr-defined]
    return wrapper


class _Call:
    """How the arguments of one function are put together."""

    def __init__(self, function: Callable[..., Any], metadata: AgentMetadata) -> None:
        self._signature = _signature(function)
        self._metadata = metadata
        parameters = self._signature.parameters
        for name in metadata.dependencies:
            if name not in parameters or parameters[name].kind not in (
                Parameter.POSITIONAL_OR_KEYWORD,
                Parameter.KEYWORD_ONLY,
            ):
                raise ValueError(
                    f"{function.__qualname__} has no parameter {name!r} for its dependency"
                )
        self.exposed = self._signature.replace(
            parameters=[p for p in parameters.values() if p.name not in metadata.dependencies]
        )

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BoundArguments:
        """The caller's arguments by name, dependencies included that it passed itself."""
        passed = {name: kwargs.pop(name) for name in self._metadata.dependencies if name in kwargs}
        given = self.exposed.bind(*args, **kwargs).arguments | passed
        # BoundArguments reads its names in the order of the signature.
        return BoundArguments(self._signature, given)

    def missing(self, arguments: BoundArguments) -> Iterator[str]:
        """The dependencies that the caller did not pass."""
        return (n for n in self._metadata.dependencies if n not in arguments.arguments)

    def fill(self, arguments: BoundArguments, name: str, found: Dependency | None) -> None:
        """Set the dependency, or the parameter's default when it is away.

        Raises DependencyUnavailable when the function does not want a fallback.
        """
        if found is None and not self._metadata.fallback_mode:
            raise DependencyUnavailable(name)
        default = self._signature.parameters[name].default
        fallback = None if default is Parameter.empty else default
        arguments.arguments[name] = fallback if found is None else found


def _signature(function: Callable[..., Any]) -> Signature:
    try:
        return inspect.signature(function, eval_str=True)
    except NameError:  # an annotation that exists for type checkers alone: it stays text
        return inspect.signature(function)
