"""What several tests need."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from programs import go_program
from starlette.testclient import TestClient

from mcp_mesh_runtime.server.app import create_app
from mcp_mesh_runtime.server.lifetimes import Lifetimes
from mcp_mesh_runtime.server.registry import Registry
from mcp_mesh_runtime.server.store import AgentStore


class FakeTime:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1772366400.0  # 2026-03-01T12:00:00Z

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class Reference:
    """The reference registry in this process, on a file of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = FakeTime()

    @contextmanager
    def running(self, lifetimes: Lifetimes | None = None) -> Iterator[TestClient]:
        """Its HTTP API, until the body ends; a second time, it has restarted."""
        with (
            closing(AgentStore(str(self.path))) as store,
            ThreadPoolExecutor(max_workers=1) as thread,
            TestClient(
                create_app(Registry(store, lifetimes or Lifetimes(), self.time), thread),
                raise_server_exceptions=False,
            ) as client,
        ):
            yield client


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    return Reference(tmp_path / "registry.db")


@pytest.fixture
def api(reference: Reference) -> Iterator[TestClient]:
    """The API of a reference registry that has just started."""
    with reference.running() as client:
        yield client


@pytest.fixture(scope="session")
def go_registry(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The standalone Go registry."""
    return go_program("mcp-mesh-registry", tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="session")
def go_cli(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Go CLI with the embedded registry."""
    return go_program("mcp-mesh-dev", tmp_path_factory.mktemp("go"))
