"""The decorator, for any resolver."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .injection import inject
from .metadata import AgentMetadata, attach, names
from .resolution import FixedDependencies, Resolver

F = TypeVar("F", bound=Callable[..., Any])


def mesh_agent(
    capabilities: Iterable[str] = (),
    dependencies: Iterable[str] = (),
    health_interval: float = 30.0,
    fallback_mode: bool = True,
    version: str = "0.0.0",
    description: str = "",
    tags: Iterable[str] = (),
    *,
    resolver: Resolver | None = None,
) -> Callable[[F], F]:
    """Decorate a function, async or not, as part of a mesh.

    Without a resolver nobody offers any dependency, so every call is a fallback unless
    its caller passes the dependency. The types of what is decorated are kept; at run
    time the signature lacks the dependencies' parameters.

    Raises TypeError and ValueError, when the function is decorated, for metadata that
    no registry would accept and for a dependency that has no parameter.
    """
    metadata = AgentMetadata(
        capabilities=names("capabilities", capabilities),
        dependencies=names("dependencies", dependencies),
        health_interval=health_interval,
        fallback_mode=fallback_mode,
        version=version,
        description=description,
        tags=names("tags", tags),
    )

    def decorate(function: F) -> F:
        wrapper = inject(function, metadata, resolver or FixedDependencies())
        attach(wrapper, metadata)
        return wrapper  # type: ignore[return-value]

    return decorate
