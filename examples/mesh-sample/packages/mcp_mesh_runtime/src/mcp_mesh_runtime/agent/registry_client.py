"""The registry's API, as an agent uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2

from .registration import Registration

TIMEOUT_SECONDS = 5.0


class RegistryUnavailable(Exception):
    """The registry gives no answer, or none that can be used: try again later."""


class RegistrationRefused(Exception):
    """The registry does not accept what the agent says about itself; no retry helps."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An agent that offers a capability, and where its MCP server answers."""

    agent_id: str
    endpoint: str


class RegistryClient:
    """One registry. All methods raise RegistryUnavailable when it cannot be asked."""

    def __init__(self, url: str, http: httpx2.AsyncClient) -> None:
        self.url = url
        self._http = http

    async def register(self, registration: Registration) -> None:
        """Make the agent known. Raises RegistrationRefused."""
        response = await self._ask("POST", "/agents/register", json=registration.body())
        if response.status_code == 422:
            raise RegistrationRefused(_reason(response))
        self._expect(response, 200, 201)

    async def heartbeat(self, agent_id: str) -> bool:
        """A sign of life. False means that the agent has to register again."""
        response = await self._ask("POST", "/heartbeat", json={"id": agent_id})
        self._expect(response, 200, 404)
        return response.status_code == 200

    async def deregister(self, agent_id: str) -> None:
        """Take the agent out; an agent that is not known any more is no error."""
        self._expect(await self._ask("DELETE", f"/agents/{agent_id}"), 204, 404)

    async def offers(self, capability: str) -> list[Offer]:
        """Who offers the capability, healthy agents first; those that expired are left out."""
        response = await self._ask("GET", "/agents", params={"capability": capability})
        self._expect(response, 200)
        agents: list[dict[str, Any]] = response.json()["agents"]
        usable = [a for a in agents if a["endpoint"] and a["status"] != "expired"]
        usable.sort(key=lambda agent: agent["status"] != "healthy")
        return [Offer(agent["id"], agent["endpoint"]) for agent in usable]

    async def _ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return await self._http.request(
                method, self.url + path, timeout=TIMEOUT_SECONDS, **options
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise RegistryUnavailable(f"registry {self.url}: {reason}") from error

    def _expect(self, response: httpx2.Response, *statuses: int) -> None:
        if response.status_code not in statuses:
            raise RegistryUnavailable(
                f"registry {self.url}: status {response.status_code} for {response.url.path}"
            )


def _reason(response: httpx2.Response) -> str:
    """The fields that a registry rejects, in one line."""
    fields = response.json()["error"].get("fields", [])
    return "; ".join(f"{f['field']} {f['message']}" for f in fields) or response.text
