"""A small registry that speaks the sample's API, well or with the one fault that FAULT names.

Standard library alone and started with `python3 -S -E`, so that it is up in a moment.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn

FAULT = os.environ.get("FAULT", "")
HOST, PORT = os.environ["HOST"], int(os.environ["PORT"])
FILE = os.environ["MCP_MESH_DB_PATH"]
DEGRADED_AFTER = 0.6

agents: dict[str, dict] = {}
lock = threading.Lock()


def written(seconds: float) -> str:
    time_of = datetime.fromtimestamp(seconds, timezone.utc)
    return time_of.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown(agent: dict) -> dict:
    since = agent["registered_at" if FAULT == "goes-by-registration" else "last_seen"]
    late = time.time() - since >= DEGRADED_AFTER and FAULT != "never-degrades"
    times = {name: written(agent[name]) for name in ("registered_at", "last_seen")}
    told = {**agent, **times, "status": "degraded" if late else "healthy"}
    unsaid = {"tells-no-times": ("last_seen", "degraded_after"), "tells-no-interval": ("health_interval",)}
    return {name: value for name, value in told.items() if name not in unsaid.get(FAULT, ())}


def keep() -> None:
    with open(FILE + ".new", "w") as file:
        json.dump(agents, file)
    os.replace(FILE + ".new", FILE)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == ("/ready" if FAULT == "other-health" else "/health"):
            status = {"answers-500": 500}.get(FAULT, 200)
            self.answer(status, {"status": "starting" if FAULT == "unhealthy" else "ok"})
        elif self.path == "/agents":
            with lock:
                listed = [shown(agents[name]) for name in sorted(agents)]
            self.answer(200, {"agents": listed, "count": len(listed)})
        elif self.path == "/capabilities":
            extra = {"of": "this deployment alone"} if FAULT == "other-answers" else {}
            self.answer(200, {"capabilities": [], "count": 0, **extra})
        else:
            self.refuse(404, "not_found")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            sent = json.loads(body)
        except ValueError:
            return self.refuse(400, "malformed_json")
        if FAULT == "lenient" and isinstance(sent, dict):
            return self.register({"name": "nobody", **sent})
        if self.path == "/agents/register":
            if "name" not in sent:
                return self.refuse(422, "validation_failed")
            if FAULT == "dies":
                print("out of memory", flush=True)
                os._exit(9)
            if FAULT == "refuses-agents":
                return self.refuse(422, "no agents today")
            self.register(sent)
        elif self.path == "/heartbeat":
            with lock:
                agent = agents.get(sent.get("id"))
                if agent and FAULT != "refuses-heartbeats":
                    agent["last_seen"] = time.time()
                    return self.answer(200, {"id": agent["id"]})
            self.refuse(404, "not_found")
        else:
            self.refuse(404, "not_found")

    def do_PUT(self):
        if FAULT == "lenient":
            return self.do_POST()
        self.refuse(405, "method_not_allowed")

    def register(self, sent: dict) -> None:
        key = sent.get("id", sent["name"])
        with lock:
            known = agents.get(key, {"registered_at": time.time()})
            agents[key] = {
                "id": key,
                "name": sent["name"],
                "endpoint": sent.get("endpoint", ""),
                "capabilities": sent.get("capabilities", []),
                "health_interval": 0.2,
                "degraded_after": DEGRADED_AFTER,
                "registered_at": known["registered_at"],
                "last_seen": time.time(),
            }
            keep()
        if FAULT == "answers-late":
            time.sleep(0.3)
        self.answer(201, shown(agents[key]))

    def refuse(self, status: int, code: str) -> None:
        self.answer(status, {"error": {"code": code, "message": code}})

    def answer(self, status: int, document: dict) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True

    def server_bind(self):
        # The original looks its own name up, which may take long.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


class ServerOfSix(Server):
    address_family = socket.AF_INET6


def end(*_):
    os._exit(0)


def stay(*_):
    print("stays", flush=True)


def prepare() -> None:
    if FAULT == "exits":
        sys.exit("no database")
    if FAULT == "panics":
        print("panic: no configuration ```\n\ngoroutine 1 [running]:\nmain.main()\n\t/mesh/main.go:21 +0x206")
        sys.exit(2)
    if FAULT == "never-listens":
        time.sleep(300)
    if FAULT == "leaves-a-grandchild":
        subprocess.Popen(["sleep", "300"], start_new_session=True)
    if FAULT == "prints-much":
        line = "x" * 999 + "\n"
        for _ in range(100):
            sys.stdout.write(line * 1000)
        sys.stdout.flush()
    if FAULT == "prints-commands":
        print("::set-output name=verdict::forged")
        print("say ##[error]forged", flush=True)
    if FAULT == "prints-commands-and-exits":
        sys.exit("##[error]forged\x1b[2J")


def main() -> None:
    signal.signal(signal.SIGTERM, stay if FAULT == "ignores-sigterm" else end)
    prepare()
    if FAULT == "dies-again" and os.path.exists(FILE):
        sys.exit("cannot read its data")
    if FAULT == "hangs-again" and os.path.exists(FILE):
        time.sleep(300)
    if os.path.exists(FILE) and FAULT != "forgets":
        with open(FILE) as file:
            agents.update(json.load(file))
    host, port, server = HOST, PORT, Server
    if FAULT == "wrong-port":
        port = 0
    if FAULT == "ipv6-only":
        host, server = "::1", ServerOfSix
    try:
        listening = server((host, port), Handler)
    except OSError:
        if FAULT == "second-hangs":
            print("hangs", flush=True)
            time.sleep(300)
        if FAULT == "second-exits-0":
            sys.exit(0)
        if FAULT == "second-says-nothing":
            sys.exit(1)
        if FAULT == "second-says-its-port":
            sys.exit(f"registry for {HOST}:{PORT}: no database")
        sys.exit(f"registry: {HOST}:{PORT}: address already in use")
    listening.serve_forever()


main()
