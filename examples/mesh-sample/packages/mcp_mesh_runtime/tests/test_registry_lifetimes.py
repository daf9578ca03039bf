"""What silence and restarts do to an agent in the reference registry."""

import sqlite3
from contextlib import closing

import pytest

from mcp_mesh_runtime.server.lifetimes import Lifetimes
from mcp_mesh_runtime.server.store import AgentStore, StoreError


def register(api, **fields):
    return api.post("/agents/register", json={"name": "a", "health_interval": 1, **fields})


def status(api):
    return api.get("/agents/a").json()["status"]


def test_a_silent_agent_degrades_expires_and_is_forgotten(reference):
    with reference.running(Lifetimes(retention=10)) as api:
        register(api)
        seen = []
        for step in (1.999, 0.001, 1.999, 0.001, 9.999):
            reference.time.advance(step)
            seen.append(status(api))
        assert seen == ["healthy", "degraded", "degraded", "expired", "expired"]
        reference.time.advance(0.001)
        assert api.get("/agents/a").status_code == 404
        assert api.get("/agents").json()["count"] == 0
        assert api.post("/heartbeat", json={"id": "a"}).status_code == 404
        assert api.delete("/agents/a").status_code == 404


def test_an_expired_agent_comes_back_with_a_heartbeat(reference):
    with reference.running() as api:
        register(api)
        reference.time.advance(100)
        assert status(api) == "expired"
        assert api.post("/heartbeat", json={"id": "a"}).json()["status"] == "healthy"
        assert status(api) == "healthy"


def test_a_forgotten_agent_registers_as_a_new_one(reference):
    with reference.running(Lifetimes(retention=10)) as api:
        register(api)
        reference.time.advance(14)
        answer = register(api)
        assert answer.status_code == 201
        assert answer.json()["registered_at"] == "2026-03-01T12:00:14.000Z"


def test_the_registry_can_be_told_other_times(reference):
    with reference.running(Lifetimes(degraded_after=0.5, expired_after=0.75)) as api:
        agent = register(api).json()
        assert (agent["degraded_after"], agent["expired_after"]) == (0.5, 0.75)
        reference.time.advance(0.5)
        assert status(api) == "degraded"
        reference.time.advance(0.25)
        assert status(api) == "expired"


def test_the_interval_of_the_last_registration_counts(reference):
    with reference.running() as api:
        register(api)
        register(api, health_interval=10)
        reference.time.advance(4)
        assert status(api) == "healthy"


def test_agents_survive_a_restart_with_their_times(reference):
    with reference.running() as api:
        register(api, tags=["é"], endpoint="http://h/mcp")
        reference.time.advance(1)
        api.post("/heartbeat", json={"id": "a"})
        before = api.get("/agents").json()
    reference.time.advance(0.5)
    with reference.running() as api:
        assert api.get("/agents").json() == before
        assert api.post("/heartbeat", json={"id": "a"}).status_code == 200


def test_forgotten_agents_are_deleted_from_the_file(reference):
    with reference.running() as api:
        register(api)
    reference.time.advance(25 * 3600)
    with reference.running() as api:
        assert api.get("/health").json()["agents"] == 0
    with closing(sqlite3.connect(reference.path)) as file:
        assert file.execute("SELECT count(*) FROM agents").fetchone() == (0,)


def test_a_file_of_another_layout_is_refused(tmp_path):
    path = tmp_path / "newer.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 2")
    with pytest.raises(StoreError, match=r"newer\.db: its layout is 2, not 1"):
        AgentStore(str(path))


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "text.db"
    path.write_text("not a database, but long enough to be looked at " * 50)
    with pytest.raises(StoreError, match="cannot open database"):
        AgentStore(str(path))
