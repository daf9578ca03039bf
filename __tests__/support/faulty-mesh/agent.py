"""An agent that registers as NAME, sends heartbeats and answers MCP calls, well or with the fault that FAULT names.

Standard library alone and started with `python3 -S -E`, so that it is up in a moment.
"""

import json
import os
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from urllib.error import HTTPError, URLError

FAULT = os.environ.get("FAULT", "")
NAME = os.environ.get("NAME", "hello")
REGISTRY = os.environ["MCP_MESH_REGISTRY_URL"]
HOST, PORT = os.environ["HOST"], int(os.environ["PORT"])
INTERVAL = 0.2

direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(path: str, document: dict | None = None):
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(REGISTRY + path, data, {"Content-Type": "application/json"})
    with direct.open(request, timeout=10) as answer:
        return json.load(answer)


def register(name: str = NAME, key: str | None = None) -> None:
    ask(
        "/agents/register",
        {
            "name": name,
            "id": key or name,
            "endpoint": f"http://{HOST}:{PORT}/mcp",
            "capabilities": [] if FAULT == "no-capabilities" else ["greeting"],
        },
    )


def greeting() -> str:
    if FAULT == "always-the-fallback":
        return "Hello! Nobody else is in the mesh."
    names = [agent["name"] for agent in ask("/agents")["agents"] if agent["status"] == "healthy"]
    others = [name for name in names if name != NAME]
    return f"Hello from {', '.join(others)}!" if others else "Hello! Nobody else is in the mesh."


def answer(method: str, params: dict) -> dict:
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": NAME, "version": "1"},
        }
    if FAULT == "exits-when-called":
        os._exit(3)
    print("is called", flush=True)
    failed = {"isError": True} if FAULT == "answers-an-error" else {}
    return {"content": [{"type": "text", "text": greeting()}], **failed}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "id" not in message:
            return self.reply(202, b"")
        result = answer(message["method"], message.get("params", {}))
        self.reply(200, json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode())

    def do_GET(self):
        self.reply(405, b"")

    def reply(self, status: int, body: bytes) -> None:
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
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


def join() -> None:
    if FAULT == "registers-nothing":
        ask("/agents")
    elif FAULT == "another-name":
        register(f"{NAME}-demo")
    elif FAULT == "twice":
        register(key=f"{NAME}-1")
        register(key=f"{NAME}-2")
    else:
        register()


def heartbeats() -> None:
    while True:
        time.sleep(INTERVAL)
        if FAULT in ("no-heartbeats", "registers-nothing", "another-name", "twice"):
            continue
        if FAULT == "exits-later":
            time.sleep(0.8)
            print("lost its mind", flush=True)
            os._exit(4)
        try:
            if FAULT == "registers-again":
                register()
            else:
                ask("/heartbeat", {"id": NAME})
        except HTTPError as refused:
            if refused.code == 404:
                register()
        except URLError:
            pass


def main() -> None:
    if FAULT == "exits":
        sys.exit("no module named mesh")
    if FAULT == "asks-nothing":
        time.sleep(300)
    if FAULT == "late":
        time.sleep(0.7)
    if FAULT != "not-callable":
        threading.Thread(target=Server((HOST, PORT), Handler).serve_forever, daemon=True).start()
    try:
        join()
    except HTTPError as refused:
        print(f"refused: {refused.code}", file=sys.stderr, flush=True)
        time.sleep(300)
    heartbeats()


main()
