"""What a decorated function is called with."""

import asyncio
import inspect
from contextlib import asynccontextmanager, contextmanager

import pytest

from mcp_mesh import Dependency, DependencyUnavailable, FixedDependencies, mesh_agent


def offering(**dependencies: Dependency) -> FixedDependencies:
    return FixedDependencies(dependencies)


def test_a_dependency_is_injected_into_the_parameter_of_its_name():
    @mesh_agent(dependencies=["clock"], resolver=offering(clock=lambda: "noon"))
    def tell(name, clock=None):
        return f"{name}: {clock()}"

    assert tell("Ada") == "Ada: noon"


def test_an_async_function_awaits_its_dependency():
    async def clock():
        return "noon"

    @mesh_agent(dependencies=["clock"], resolver=offering(clock=clock))
    async def tell(name, clock=None):
        return f"{name}: {await clock()}"

    assert inspect.iscoroutinefunction(tell)
    assert asyncio.run(tell("Ada")) == "Ada: noon"


def test_without_a_registry_the_default_is_the_fallback():
    @mesh_agent(dependencies=["clock"])
    def tell(clock="no clock"):
        return clock

    assert tell() == "no clock"


def test_the_fallback_of_a_parameter_without_default_is_none():
    @mesh_agent(dependencies=["clock"])
    def tell(clock, name):
        return clock, name

    assert tell("Ada") == (None, "Ada")


@pytest.mark.parametrize("is_async", [False, True])
def test_without_fallback_mode_the_call_fails_and_names_the_dependency(is_async):
    decorate = mesh_agent(dependencies=["clock"], fallback_mode=False)

    def tell(clock=None):
        raise AssertionError("must not run")

    async def tell_async(clock=None):
        raise AssertionError("must not run")

    with pytest.raises(DependencyUnavailable, match="'clock' is not available") as error:
        asyncio.run(decorate(tell_async)()) if is_async else decorate(tell)()
    assert error.value.dependency == "clock"


def test_what_the_caller_passes_is_never_replaced():
    @mesh_agent(dependencies=["clock"], resolver=offering(clock=lambda: "noon"))
    def tell(clock=None):
        return clock() if clock else None

    assert tell(clock=lambda: "midnight") == "midnight"
    assert tell(clock=None) is None


def test_the_signature_lacks_what_is_injected():
    @mesh_agent(dependencies=["clock"])
    def tell(name: str, clock: Dependency | None = None, *, loud: bool = False) -> str:
        """Tell the time."""

    assert str(inspect.signature(tell)) == "(name: str, *, loud: bool = False) -> str"
    assert tell.__doc__ == "Tell the time."
    assert tell.__name__ == "tell"


def test_positional_arguments_pass_by_the_injected_parameter():
    @mesh_agent(dependencies=["clock"], resolver=offering(clock=lambda: "noon"))
    def tell(clock, name, *rest, **named):
        return clock(), name, rest, named

    assert tell("Ada", 1, 2, x=3) == ("noon", "Ada", (1, 2), {"x": 3})


def test_an_omitted_argument_before_the_injected_one_keeps_its_default():
    @mesh_agent(dependencies=["clock"], resolver=offering(clock=lambda: "noon"))
    def tell(name="nobody", clock=None):
        return name, clock()

    assert tell() == ("nobody", "noon")


def test_several_dependencies_fall_back_one_by_one():
    @mesh_agent(dependencies=["clock", "weather"], resolver=offering(clock=lambda: "noon"))
    def tell(clock=None, weather=None):
        return clock(), weather

    assert tell() == ("noon", None)


def test_a_wrong_argument_is_the_callers_type_error():
    @mesh_agent(dependencies=["clock"])
    def tell(name, clock=None):
        return name

    with pytest.raises(TypeError, match="missing a required argument: 'name'"):
        tell()


def test_a_dependency_without_a_parameter_is_refused_when_decorating():
    with pytest.raises(ValueError, match="no parameter 'clock'"):

        @mesh_agent(dependencies=["clock"])
        def tell(name):
            return name


class Recording:
    """A resolver that notes when connections open and close."""

    def __init__(self):
        self.events = []

    @asynccontextmanager
    async def connect(self, dependency):
        with self.connect_blocking(dependency) as found:
            yield found

    @contextmanager
    def connect_blocking(self, dependency):
        self.events.append(f"open {dependency}")
        try:
            yield lambda: self.events.append(f"call {dependency}")
        finally:
            self.events.append(f"close {dependency}")


def test_a_connection_lives_as_long_as_the_call():
    resolver = Recording()

    @mesh_agent(dependencies=["clock"], resolver=resolver)
    def tell(clock=None):
        clock()

    tell()
    tell()
    assert resolver.events == ["open clock", "call clock", "close clock"] * 2


def test_a_connection_is_closed_when_the_function_raises():
    resolver = Recording()

    @mesh_agent(dependencies=["clock"], resolver=resolver)
    async def tell(clock=None):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(tell())
    assert resolver.events == ["open clock", "close clock"]
