"""The command line: three ways to start it, and what it shows."""

import subprocess
import sys
from pathlib import Path

import pytest
from programs import SAMPLE, registry

from mcp_mesh_runtime.cli.main import main

FILE = "packages/mcp_mesh_runtime/src/mcp_mesh_runtime/cli/main.py"


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, FILE],
        [sys.executable, "-m", "mcp_mesh_runtime.cli.main"],
        [str(Path(sys.executable).with_name("mcp-mesh"))],
    ],
    ids=["file", "module", "console script"],
)
def test_help_lists_the_commands(command):
    ran = subprocess.run([*command, "--help"], cwd=SAMPLE, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("usage: mcp-mesh ")
    assert all(name in ran.stdout for name in ("start", "list", "status"))


@pytest.mark.parametrize("package", ["mcp_mesh", "mcp_mesh_runtime"])
def test_a_package_can_be_imported_from_the_root(package):
    code = (
        f"import packages.{package}.src.{package} as p; print([getattr(p, n) for n in p.__all__])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=SAMPLE, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_list_and_status_show_what_a_registry_knows(tmp_path, capsys):
    command = [sys.executable, "-m", "mcp_mesh_runtime.cli.main", "start", "--registry-only"]
    with registry(command, tmp_path) as (_, url):
        assert main(["status", "--url", url]) == 0
        assert capsys.readouterr().out.startswith(f"mcp-mesh-registry 1.0.0 at {url}: ok, 0 agents")
        assert main(["list", "--url", url]) == 0
        assert capsys.readouterr().out.split() == [
            "ID",
            "STATUS",
            "VERSION",
            "LAST",
            "SEEN",
            "CAPABILITIES",
        ]


def test_a_registry_that_does_not_answer_is_named(capsys):
    assert main(["status", "--url", "http://127.0.0.1:9"]) == 1
    assert "no registry answers at http://127.0.0.1:9" in capsys.readouterr().err
