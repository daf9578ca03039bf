"""What an agent reads from its environment."""

import pytest

from mcp_mesh_runtime.environment import BadSetting, agent_address, registry_url


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("HOST", "PORT", "MCP_MESH_REGISTRY_URL"):
        monkeypatch.delenv(name, raising=False)


def test_an_agent_serves_on_the_loopback_and_a_free_port():
    assert agent_address() == ("127.0.0.1", 0)


def test_host_and_port_can_be_set(monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "9000")
    assert agent_address() == ("0.0.0.0", 9000)


def test_what_is_no_port_is_named(monkeypatch):
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(BadSetting, match="PORT must be a port from 0 to 65535, not 'http'"):
        agent_address()


@pytest.mark.parametrize(
    ("given", "url"),
    [(None, "http://127.0.0.1:8080"), ("http://h:1/", "http://h:1"), ("", None)],
)
def test_the_registry_is_the_local_one_unless_told_otherwise(monkeypatch, given, url):
    if given is not None:
        monkeypatch.setenv("MCP_MESH_REGISTRY_URL", given)
    assert registry_url() == url
