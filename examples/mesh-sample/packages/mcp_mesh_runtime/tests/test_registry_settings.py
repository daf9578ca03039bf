"""Flags, and the variables behind them."""

import pytest

from mcp_mesh_runtime.environment import BadSetting
from mcp_mesh_runtime.server.lifetimes import Lifetimes
from mcp_mesh_runtime.server.settings import Settings, parse


def test_everything_has_a_default():
    expected = Settings("127.0.0.1", 8080, "mcp-mesh-registry.db", Lifetimes(retention=86400))
    assert parse([], {}) == expected


def test_a_flag_wins_over_its_variables():
    variables = {"MCP_MESH_REGISTRY_PORT": "1", "PORT": "2", "MCP_MESH_RETENTION": "1h"}
    settings = parse(["--port", "0", "--retention=500ms"], variables)
    assert settings.port == 0
    assert settings.lifetimes.retention == 0.5


def test_the_first_variable_that_is_set_wins():
    assert parse([], {"MCP_MESH_REGISTRY_HOST": "::1", "HOST": "0.0.0.0"}).host == "::1"
    assert parse([], {"MCP_MESH_REGISTRY_HOST": "", "HOST": "0.0.0.0"}).host == "0.0.0.0"
    assert parse([], {"MCP_MESH_DB_PATH": "a.db", "DATABASE_URL": "x"}).database == "a.db"


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:///a/b.db", "a/b.db"), ("sqlite:////a/b.db", "/a/b.db")]
)
def test_a_database_url_has_three_slashes_before_its_path(url, path):
    assert parse([], {"DATABASE_URL": url}).database == path


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("30s", 30), ("1.5m", 90), ("24h", 86400)]
)
def test_a_duration_has_a_unit(text, seconds):
    assert parse([], {"MCP_MESH_DEGRADED_AFTER": text}).lifetimes.degraded_after == seconds


@pytest.mark.parametrize("text", ["", "30", "s", "-1s", "0s", "1 s", "1d", "1h30m", "٣s", "1e3s"])
def test_what_is_no_duration_is_named(text):
    with pytest.raises(BadSetting, match="--expired-after must be a duration above zero"):
        parse(["--expired-after", text] if text[:1] != "-" else [f"--expired-after={text}"], {})


@pytest.mark.parametrize("text", ["x", "-1", "65536", "1.0", " 80", "٣"])
def test_what_is_no_port_is_named(text):
    with pytest.raises(BadSetting, match="PORT must be a port from 0 to 65535"):
        parse([], {"PORT": text})


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ([], {"DATABASE_URL": "postgres://h/db"}, "DATABASE_URL must be sqlite:///path"),
        ([], {"DATABASE_URL": "sqlite:///"}, "DATABASE_URL must be sqlite:///path"),
        (["--prot", "1"], {}, "unrecognized arguments: --prot 1"),
        (["--port"], {}, "argument --port: expected one argument"),
    ],
)
def test_other_mistakes_are_named(arguments, variables, message):
    with pytest.raises(BadSetting) as error:
        parse(arguments, variables)
    assert message in str(error.value)
