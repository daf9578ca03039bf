"""The registry's routes."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from . import errors, openapi
from .openapi import may_answer, reads
from .registry import Filter, Registry
from .requests import agent_filter, heartbeat, registration
from .schemas import (
    VERSION,
    Agent,
    AgentList,
    CapabilityList,
    Health,
    Heartbeat,
    HeartbeatAnswer,
    Registration,
)

T = TypeVar("T")

AgentId = Annotated[str, Path(alias="id")]

_FORGETTING_SECONDS = 60.0

logger = logging.getLogger(__name__)


def create_app(registry: Registry, thread: Executor) -> FastAPI:
    """The registry over HTTP. All its work is done on the one thread of the executor."""

    async def run(work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, work, *arguments)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        forgetting = asyncio.create_task(_forget_now_and_then(run, registry))
        yield
        forgetting.cancel()

    app = FastAPI(
        title="MCP mesh registry",
        version=VERSION,
        description="Agents register here, send heartbeats, and find each other. Times are RFC "
        "3339 in UTC with milliseconds; intervals are numbers of seconds.",
        openapi_url=None,  # a route below, with the other routes' errors
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            errors.Problem: errors.tell,
            HTTPException: _no_such_route,
            Exception: errors.tell,
        },
    )

    @app.get("/health", operation_id="getHealth", responses=may_answer(405))
    async def get_health() -> Health:
        """The registry's own state."""
        return await run(registry.health)

    @app.post(
        "/agents/register",
        operation_id="registerAgent",
        responses={
            **may_answer(400, 405, 413, 422, 500),
            201: {"model": Agent, "description": "The id is new"},
        },
        response_description="The id was known: all its fields are replaced, registered_at stays",
        openapi_extra=reads(Registration),
    )
    async def register_agent(
        sent: Annotated[Registration, Depends(registration)], response: Response
    ) -> Agent:
        """Registers an agent, or replaces its registration."""
        agent, is_new = await run(registry.register, sent)
        response.status_code = 201 if is_new else 200
        return agent

    @app.get(
        "/agents",
        operation_id="listAgents",
        responses=may_answer(405, 422),
        openapi_extra=openapi.FILTERS,
    )
    async def list_agents(wanted: Annotated[Filter, Depends(agent_filter)]) -> AgentList:
        """The agents, sorted by id."""
        return await run(registry.agents, wanted)

    @app.get("/agents/{id}", operation_id="getAgent", responses=may_answer(404, 405))
    async def get_agent(agent_id: AgentId) -> Agent:
        """One agent."""
        agent = await run(registry.agent, agent_id)
        if agent is None:
            raise errors.unknown_agent(agent_id)
        return agent

    @app.delete(
        "/agents/{id}",
        operation_id="deleteAgent",
        status_code=204,
        responses=may_answer(404, 405, 500),
    )
    async def delete_agent(agent_id: AgentId) -> Response:
        """Removes an agent."""
        if not await run(registry.remove, agent_id):
            raise errors.unknown_agent(agent_id)
        return Response(status_code=204)

    @app.post(
        "/heartbeat",
        operation_id="heartbeat",
        responses=may_answer(400, 404, 405, 413, 422, 500),
        openapi_extra=reads(Heartbeat),
    )
    async def post_heartbeat(sent: Annotated[Heartbeat, Depends(heartbeat)]) -> HeartbeatAnswer:
        """An agent's sign of life."""
        answer = await run(registry.heartbeat, sent.id)
        if answer is None:
            raise errors.unknown_agent(sent.id)
        return answer

    @app.get("/capabilities", operation_id="listCapabilities", responses=may_answer(405))
    async def list_capabilities() -> CapabilityList:
        """What the agents offer that are not expired."""
        return await run(registry.capabilities)

    @app.get("/openapi.json", operation_id="getOpenAPI", responses=may_answer(405))
    async def get_openapi() -> dict[str, Any]:
        """This document."""
        return document()

    document = functools.cache(lambda: openapi.document(app))
    return app


async def _no_such_route(request: Request, _error: Exception) -> Response:
    """The answer for an unknown path, or for a method that a known path does not have."""
    allowed: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            allowed |= route.methods or set()
    if allowed:
        return await errors.tell(
            request, errors.method_not_allowed(request.method, sorted(allowed))
        )
    return await errors.tell(request, errors.unknown_route(request.scope["path"]))


async def _forget_now_and_then(run: Callable[..., Any], registry: Registry) -> None:
    """Delete what the registry no longer shows, so that the file does not grow for ever."""
    while True:
        gone = await run(registry.forget)
        if gone:
            logger.info("forgot %d agents", gone)
        await asyncio.sleep(_FORGETTING_SECONDS)
