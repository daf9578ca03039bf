"""Real programs for tests: started on free ports, watched, and gone at the end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

SAMPLE = Path(__file__).resolve().parents[3]
REFERENCE = [sys.executable, "-m", "mcp_mesh_runtime.server.registry_server"]

T = TypeVar("T")

_DEADLINE_SECONDS = 20.0
_POLL_SECONDS = 0.02


def eventually(question: Callable[[], T], failed: Callable[[], str] = lambda: "") -> T:
    """The first true answer; fails the test when there is none in time."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not (answer := question()):
        if time.monotonic() > deadline:
            pytest.fail(f"nothing after {_DEADLINE_SECONDS:g} s: {failed()}")
        time.sleep(_POLL_SECONDS)
    return answer


class Program:
    """A running process; what it prints goes to one file."""

    def __init__(self, command: list[str], output: Path, **environment: str) -> None:
        self.output = output
        inherited = {k: v for k, v in os.environ.items() if k not in ("HOST", "PORT")}
        with output.open("wb") as stream:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**inherited, **environment},
                cwd=SAMPLE,
            )

    def printed(self, pattern: str) -> str:
        """What the pattern's group matches, once it is printed."""

        def search() -> re.Match[str] | None:
            if self._process.poll() is not None:
                pytest.fail(f"ended with {self._process.returncode}: {self.text()}")
            return re.search(pattern, self.text())

        return eventually(search, self.text)[1]

    def text(self) -> str:
        """All that was printed."""
        return self.output.read_text()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, and give the exit code."""
        self._process.send_signal(how)
        return self._process.wait(timeout=_DEADLINE_SECONDS)

    def wait(self) -> int:
        """The exit code of a program that ends by itself."""
        return self._process.wait(timeout=_DEADLINE_SECONDS)

    def kill(self) -> None:
        """End it in any case."""
        self._process.kill()
        self._process.wait()


@contextmanager
def running(command: list[str], output: Path, **environment: str) -> Iterator[Program]:
    """The program while the body runs."""
    program = Program(command, output, **environment)
    try:
        yield program
    finally:
        program.kill()


@contextmanager
def registry(command: list[str], folder: Path, **environment: str) -> Iterator[tuple[Program, str]]:
    """A registry with its data in the folder, once it listens, and its URL."""
    settings = {
        "MCP_MESH_REGISTRY_HOST": "127.0.0.1",
        "MCP_MESH_REGISTRY_PORT": "0",
        "MCP_MESH_DB_PATH": str(folder / "registry.db"),
    }
    with running(command, folder / "registry.log", **(settings | environment)) as program:
        yield program, program.printed(r"registry listening on (http://\S+)")


def go_program(name: str, folder: Path) -> str:
    """The Go program: built from this source, or what `make build-all` left in bin/.

    Without either the test is skipped, and fails where CI=true.
    """
    if go := shutil.which("go"):
        built = folder / name
        subprocess.run([go, "build", "-o", built, f"./cmd/{name}"], cwd=SAMPLE, check=True)
        return str(built)
    if (ready := SAMPLE / "bin" / name).exists():
        return str(ready)
    missing = f"NOT TESTED against Go: there is neither a go command nor {ready}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
