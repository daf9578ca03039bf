"""mcp-mesh: run the reference registry, and look at any registry.

Runs as a console script, as a module and as a file; for the last its imports are
absolute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from mcp_mesh_runtime.cli.show import NoAnswer, list_agents, show_status
from mcp_mesh_runtime.environment import registry_url


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mcp-mesh",
        description="Run the reference registry on this machine, and show what a registry knows.",
    )
    commands = parser.add_subparsers(dest="command", metavar="<command>", required=True)

    # The registry reads its own flags, --help among them.
    start = commands.add_parser("start", help="run the reference registry", add_help=False)
    start.add_argument("--registry-only", action="store_true")

    for name, show, meaning in (
        ("list", list_agents, "list the agents that a registry knows"),
        ("status", show_status, "show whether a registry answers, and how it is"),
    ):
        command = commands.add_parser(name, help=meaning, description=meaning)
        command.add_argument(
            "--url",
            default=registry_url(),
            help="the registry's URL (default: %(default)s) [MCP_MESH_REGISTRY_URL]",
        )
        command.set_defaults(show=show)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, by default the process's.

    Gives the exit code: 0 when it is done, 1 when it failed. Wrong usage ends the
    process with 2.
    """
    parser = _parser()
    flags, rest = parser.parse_known_args(arguments)
    if flags.command == "start":
        # FastAPI is slow to load, and for this command alone.
        from mcp_mesh_runtime.server import registry_server

        return registry_server.main(rest)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if not flags.url:
        parser.error("name a registry with --url or MCP_MESH_REGISTRY_URL")
    try:
        print(flags.show(flags.url))
    except NoAnswer as error:
        print(f"mcp-mesh: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
