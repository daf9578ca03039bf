"""The reference registry as a process: how it starts, ends, and what it leaves on disk."""

import signal
import socket
import threading

import httpx2
import pytest
from programs import REFERENCE, eventually, registry

from mcp_mesh_runtime.server.registry_server import main


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    with registry(REFERENCE, tmp_path) as (program, url):
        agent = httpx2.post(f"{url}/agents/register", json={"name": "a"}).json()
        program.end(signal.SIGKILL)
    with registry(REFERENCE, tmp_path) as (program, url):
        assert httpx2.get(f"{url}/agents/a").json() == agent
        assert program.end(signal.SIGINT) == 0


def test_sigterm_finishes_the_request_under_way(tmp_path):
    with registry(REFERENCE, tmp_path) as (program, url):
        host, port = url.removeprefix("http://").split(":")
        body = b'{"name": "a"}'
        head = b"POST /agents/register HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        with socket.create_connection((host, int(port))) as client:
            client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:5])
            # A second connection is answered only after the first was accepted.
            assert httpx2.get(f"{url}/health").status_code == 200
            codes = []
            ending = threading.Thread(target=lambda: codes.append(program.end()))
            ending.start()
            eventually(lambda: not _accepts(host, int(port)))
            client.sendall(body[5:])
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        ending.join()
        assert answer.startswith(b"HTTP/1.1 201 ")
        assert codes == [0]
        assert program.text() == f"registry listening on {url}\n"


def _accepts(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_port_in_use_is_named_in_one_line(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        arguments = ["--host", "127.0.0.1", "--port", str(port), "--db", str(tmp_path / "r.db")]
        assert main(arguments) == 1
    assert capsys.readouterr().err == (
        f"mcp-mesh-registry: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    )


def test_a_database_in_no_folder_is_named_in_one_line(tmp_path, capsys):
    path = str(tmp_path / "no" / "r.db")
    assert main(["--port", "0", "--db", path]) == 1
    error = capsys.readouterr().err
    assert path in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--retention", "1"], ["--nope"], ["x"]])
def test_a_bad_setting_is_one_line_and_code_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
