"""The reference registry's answers, route by route."""

import pytest

FULL = {
    "id": "hello-1",
    "name": "hello-world-demo",
    "endpoint": "http://127.0.0.1:41237/mcp",
    "capabilities": ["greeting", "farewell", "greeting"],
    "dependencies": ["system_info"],
    "version": "1.2.3",
    "description": "Greets the caller",
    "tags": ["demo"],
    "health_interval": 10,
}


def register(api, name, **fields):
    answer = api.post("/agents/register", json={"name": name, **fields})
    assert answer.status_code in (200, 201)
    return answer.json()


def test_a_registration_comes_back_with_what_the_registry_knows(api):
    answer = api.post("/agents/register", json=FULL)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        **FULL,
        "capabilities": ["greeting", "farewell"],
        "degraded_after": 20,
        "expired_after": 40,
        "status": "healthy",
        "registered_at": "2026-03-01T12:00:00.000Z",
        "last_seen": "2026-03-01T12:00:00.000Z",
    }


def test_a_name_is_enough_and_null_means_the_default(api):
    bare = register(api, "a")
    nulls = register(api, "a", **{field: None for field in FULL if field != "name"}, unknown=1)
    assert bare == nulls
    assert (bare["id"], bare["version"], bare["health_interval"]) == ("a", "0.0.0", 30)
    assert (bare["endpoint"], bare["description"], bare["tags"]) == ("", "", [])


def test_registering_again_replaces_all_but_the_time_of_the_first(api, reference):
    register(api, "a", tags=["old"], version="1")
    reference.time.advance(1.5)
    answer = api.post("/agents/register", json={"name": "a"})
    assert answer.status_code == 200
    assert answer.json()["tags"] == []
    assert answer.json()["registered_at"] == "2026-03-01T12:00:00.000Z"
    assert answer.json()["last_seen"] == "2026-03-01T12:00:01.500Z"
    assert api.get("/agents/a").json() == answer.json()


def test_the_list_is_sorted_by_id_and_filtered_exactly(api, reference):
    register(api, "b", capabilities=["x"], health_interval=1)
    reference.time.advance(2)
    register(api, "c", capabilities=["x", "y"])
    register(api, "a", id="z", capabilities=["y"])

    def ids(**query):
        body = api.get("/agents", params=query).json()
        assert body["count"] == len(body["agents"])
        return [agent["id"] for agent in body["agents"]]

    assert ids() == ["b", "c", "z"]
    assert ids(capability="x") == ["b", "c"]
    assert ids(capability="x", status="healthy") == ["c"]
    assert ids(name="a") == ["z"]
    assert ids(name="A") == ids(name="") == ids(capability="") == []
    assert ids(other="ignored") == ["b", "c", "z"]


def test_capabilities_name_who_offers_them_and_leave_out_the_expired(api, reference):
    register(api, "gone", capabilities=["x"], health_interval=1)
    reference.time.advance(4)
    register(api, "b", capabilities=["y", "x"])
    register(api, "a", capabilities=["y"])
    assert api.get("/capabilities").json() == {
        "capabilities": [{"name": "x", "agents": ["b"]}, {"name": "y", "agents": ["a", "b"]}],
        "count": 2,
    }


def test_health_counts_the_agents_that_are_not_expired(api, reference):
    register(api, "gone", health_interval=1)
    reference.time.advance(4.0125)
    register(api, "a")
    assert api.get("/health").json() == {
        "status": "ok",
        "service": "mcp-mesh-registry",
        "version": "1.0.0",
        "agents": 1,
        "uptime_seconds": 4.012,
    }


def test_a_heartbeat_is_a_sign_of_life(api, reference):
    register(api, "a", health_interval=1)
    reference.time.advance(3)
    assert api.get("/agents/a").json()["status"] == "degraded"
    answer = api.post("/heartbeat", json={"id": "a"})
    assert answer.json() == {
        "id": "a",
        "status": "healthy",
        "last_seen": "2026-03-01T12:00:03.000Z",
    }
    assert api.get("/agents/a").json()["last_seen"] == "2026-03-01T12:00:03.000Z"


def test_a_deleted_agent_is_gone(api):
    register(api, "a")
    answer = api.delete("/agents/a")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get("/agents/a").status_code == 404
    assert api.delete("/agents/a").status_code == 404


def test_register_is_an_id_like_any_other(api):
    register(api, "register")
    assert api.get("/agents/register").json()["id"] == "register"
    assert api.delete("/agents/register").status_code == 204


@pytest.mark.parametrize("body", ['{"name": "a", "tags": ["\\ud800"]}', '{"name":"a","\\udc00":1}'])
def test_half_a_surrogate_pair_becomes_the_replacement_character(api, body):
    answer = api.post("/agents/register", content=body)
    assert answer.status_code == 201
    assert answer.json()["tags"] in ([], ["\ufffd"])
