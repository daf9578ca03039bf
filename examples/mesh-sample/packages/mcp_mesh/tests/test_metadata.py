"""What the decorator keeps, and what it refuses."""

import pytest

from mcp_mesh import AgentMetadata, merge, mesh_agent, metadata_of


def test_what_the_decorator_was_told_is_kept_on_the_function():
    @mesh_agent(
        capabilities=["greeting"],
        dependencies=["clock"],
        health_interval=5,
        fallback_mode=False,
        version="1.2.3",
        description="Greets",
        tags=["demo", "demo"],
    )
    def greet(clock=None):
        return "hello"

    assert metadata_of(greet) == AgentMetadata(
        capabilities=("greeting",),
        dependencies=("clock",),
        health_interval=5,
        fallback_mode=False,
        version="1.2.3",
        description="Greets",
        tags=("demo",),
    )


def test_everything_has_a_default():
    @mesh_agent()
    def greet():
        return "hello"

    assert metadata_of(greet) == AgentMetadata()
    assert greet() == "hello"


def test_an_ordinary_function_has_no_metadata():
    def greet():
        return "hello"

    with pytest.raises(TypeError, match="greet is not decorated with @mesh_agent"):
        metadata_of(greet)


@pytest.mark.parametrize("field", ["capabilities", "dependencies", "tags"])
def test_a_string_is_no_list_of_names(field):
    with pytest.raises(TypeError, match=f"{field} must be a list of names"):
        mesh_agent(**{field: "greeting"})


def test_a_name_that_is_no_string_is_refused():
    with pytest.raises(TypeError, match="capabilities must hold strings, not 7"):
        mesh_agent(capabilities=[7])


@pytest.mark.parametrize("interval", [0, 0.09, 3600.1, float("nan")])
def test_a_health_interval_that_no_registry_accepts_is_refused(interval):
    with pytest.raises(ValueError, match=r"health_interval must be between 0\.1 and 3600 seconds"):
        mesh_agent(health_interval=interval)


def test_the_functions_of_one_agent_are_merged():
    merged = merge(
        [
            AgentMetadata(capabilities=("a", "b"), version="1.0.0", tags=("x",)),
            AgentMetadata(capabilities=("b", "c"), dependencies=("d",), health_interval=5),
        ]
    )
    assert merged == AgentMetadata(
        capabilities=("a", "b", "c"),
        dependencies=("d",),
        health_interval=5,
        version="1.0.0",
        tags=("x",),
    )


def test_an_agent_without_functions_cannot_be_merged():
    with pytest.raises(ValueError, match="at least one function"):
        merge([])
