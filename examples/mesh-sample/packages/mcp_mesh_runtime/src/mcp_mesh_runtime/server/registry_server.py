"""The reference registry as a program: `python -m mcp_mesh_runtime.server.registry_server`."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from ..environment import BadSetting
from ..listener import AddressUnavailable, ending, listen, serving, url_of
from .app import create_app
from .registry import Registry
from .schemas import SERVICE
from .settings import Settings, parse
from .store import AgentStore, StoreError


def run(settings: Settings) -> None:
    """Run a registry until SIGTERM or SIGINT; requests under way are finished.

    Raises AddressUnavailable and StoreError.
    """
    with (
        closing(listen(settings.host, settings.port)) as listener,
        closing(AgentStore(settings.database)) as store,
    ):
        asyncio.run(_serve(Registry(store, settings.lifetimes, time.time), listener))


async def _serve(registry: Registry, listener: socket.socket) -> None:
    with (
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="registry") as thread,
        ending() as end,
    ):
        async with serving(create_app(registry, thread), listener):
            print(f"registry listening on {url_of(listener)}", file=sys.stderr, flush=True)
            await end.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with the arguments, by default the process's. Gives the exit code."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    try:
        run(parse(sys.argv[1:] if arguments is None else arguments, os.environ))
    except BadSetting as error:
        print(f"{SERVICE}: {error}", file=sys.stderr)
        return 2
    except (AddressUnavailable, StoreError) as error:
        print(f"{SERVICE}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
