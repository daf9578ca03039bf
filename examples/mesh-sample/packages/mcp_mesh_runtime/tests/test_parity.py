"""The same requests to both registries, one after the other: the answers must be alike.

What may differ is in docs/known-differences.md, and is left out here.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx2
import pytest
from programs import REFERENCE, eventually, registry

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
REGISTER = ("POST", "/agents/register")
HEARTBEAT = ("POST", "/heartbeat")

FULL = {
    "id": "b-1",
    "name": "b",
    "endpoint": "https://u:p@[::1]:8443/mcp?x=%zz#y",
    "capabilities": ["x", "y", "x", "é"],
    "dependencies": ["z"],
    "version": "1.2.3",
    "description": 'says "<hello> & good\u2028bye"\u0000',
    "tags": ["demo"],
    "health_interval": 0.3,
    "unknown": {"ignored": [True]},
}

ENDPOINTS = [
    "",
    "/mcp",
    "http:",
    "http:/h",
    "http://",
    "http:///x",
    "http://:80",
    "http://@",
    "http://u@h",
    "http://h:",
    "http://h:x",
    "http://h:99999",
    "HTTPS://H",
    "ftp://h",
    "mailto:h",
    "h",
    "http://h h",
    "http://h/a b",
    "http://h/%zz",
    "http://h/%2",
    "http://h?%zz",
    "http://h#%zz",
    "http://h%20",
    "http://h\t",
    "http://h\u007f",
    "http://é/é",
    "http://[::1]",
    "http://[::1",
    "http://[x]",
    "http://[]",
    "http://h\\x",
    "http://h^",
    "http://a_b",
    "http://u:p:q@h",
    "http://u p@h",
    "http://h/" + "x" * 2040,
    " http://h",
    "http://h ",
]

BODIES = [
    b"",
    b" ",
    b"{",
    b"[]",
    b"null",
    b"1",
    b"{}x",
    b'{"name": NaN}',
    b'{"name": "\xff"}',
    b'\xef\xbb\xbf{"name": "a"}',
    b'{"name": "a\n"}',
    b'{"NAME": "a"}',
    b'{"name": "a", "name": "c"}',
    b'{"name": "a", "tags": ["\\ud800x", "\\ud83d\\ude00"]}',
    b'{"name": "a", "health_interval": 1e999}',
    b'{"name": "a", "health_interval": -1e999}',
    b'{"name": "a", "health_interval": 1e-999}',
    b'{"name": "a", "health_interval": 01}',
    b'{"name": "a", "health_interval": ' + b"9" * 5000 + b"}",
    b'{"name": "a", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
    b'{"name": "' + b"x" * 1048576 + b'"}',
]

FIELDS: list[tuple[str, Any]] = [
    *(("endpoint", endpoint) for endpoint in ENDPOINTS),
    *(("name", value) for value in (None, 1, "", "-", "a\n", "a" * 128, "a" * 129, ["a"], {})),
    *(("id", value) for value in (None, True, "", ".", "A.b_c-9", "\u0661")),
    *(
        (field, value)
        for field in ("capabilities", "dependencies", "tags")
        for value in (None, "x", {}, [1], [None], [""], ["x" * 128], ["x" * 129], ["é" * 128])
    ),
    ("tags", ["x"] * 101),
    ("tags", [1] * 101),
    ("tags", [""] * 101),
    ("tags", [str(i) for i in range(100)]),
    *((field, v) for field in ("version", "description") for v in (None, 1, "", "é" * 64)),
    ("version", "x" * 65),
    ("description", "é" * 1024),
    ("description", "é" * 1025),
    *(("health_interval", v) for v in (None, "1", True, [], 0.1, 0.0999, 3600, 3600.01, -1, 0)),
]

QUERIES = [
    "capability=x",
    "capability=%C3%A9",
    "capability=y&name=b",
    "name=B",
    "name=",
    "status=healthy",
    "status=",
    "status=Healthy",
    "status=healthy&status=healthy",
    "name=a&name=b&capability=x&capability=y&status=bad",
    "other=1&other=2",
    "capability=x+y",
    "name=%zz",
    "name=%ff",
    "name",
    "name=b&&",
    "capability=x;name=nobody",
    "na%6De=b",
]

PATHS = [
    "/",
    "/x",
    "/agents?",
    "/agents/",
    "/agents/a/b",
    "/agents/a%2Fb",
    "//agents",
    "/agents/../health",
]
PATHS += ["/Health", "/agents/%C3%A9", "/agents/%FF", "/agents/a%20b", '/agents/"', "/docs"]
ROUTES = ["/health", "/agents", "/agents/register", "/agents/b-1", "/heartbeat", "/capabilities"]
ROUTES += ["/openapi.json"]
PATHS += ["/%61gents", "/agents;x", "/health?x=%zz", "/agents/b-1?status=bad", "/agents/%00"]

REQUESTS: list[tuple[str, str, bytes | None]] = [
    *((*REGISTER, json.dumps(body).encode()) for body in (FULL, {"name": "a"}, FULL)),
    *((method, path, None) for method in ("PUT", "PATCH", "OPTIONS", "HEAD") for path in ROUTES),
    *(("GET", path, None) for path in PATHS),
    ("POST", "/agents", b"{}"),
    ("GET", "/agents", b"{"),
    ("BREW", "/health", None),
    ("DELETE", "/agents", None),
    ("GET", "/agents/b-1", None),
    ("GET", "/agents/nobody", None),
    ("GET", "/agents/register", None),
    ("GET", "/heartbeat", None),
    ("GET", "/capabilities", None),
    ("GET", "/health", None),
    *(("GET", f"/agents?{query}", None) for query in QUERIES),
    *((*HEARTBEAT, json.dumps({"id": v}).encode()) for v in ("b-1", "nobody", None, 1, "/", [])),
    *((*route, body) for route in (REGISTER, HEARTBEAT) for body in BODIES),
    *((*REGISTER, json.dumps({"name": "f", field: value}).encode()) for field, value in FIELDS),
    (*REGISTER, json.dumps(dict.fromkeys(FULL, 0)).encode()),
    (*REGISTER, json.dumps({"name": "register"}).encode()),
    ("GET", "/agents/register", None),
    ("DELETE", "/agents/register", None),
    ("DELETE", "/agents/register", None),
    ("DELETE", "/agents/b-1", None),
    ("GET", "/agents", None),
    ("GET", "/capabilities", None),
]


@pytest.fixture(scope="module")
def urls(go_registry, tmp_path_factory):
    """The Go registry's URL and the reference's."""
    with (
        registry([go_registry], tmp_path_factory.mktemp("go")) as (_, go),
        registry(REFERENCE, tmp_path_factory.mktemp("reference")) as (_, reference),
    ):
        yield go, reference


def without_times(value: Any) -> Any:
    """The value with one word for every time, and none for what tells the program apart."""
    match value:
        case str() if TIME.match(value):
            return "a time"
        case list():
            return [without_times(entry) for entry in value]
        case dict():
            return {
                key: without_times(entry)
                for key, entry in value.items()
                if not ("uptime_seconds" in value and key in ("uptime_seconds", "version"))
            }
        case _:
            return value


def answer(url: str, method: str, path: str, body: bytes | None) -> Any:
    # Not the client of the other tests: it would clean the path up before it is sent.
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    with closing(connection):
        connection.request(method, path, body)
        response = connection.getresponse()
        text = response.read()
    headers = {name: response.headers.get(name) for name in ("content-type", "allow")}
    return response.status, headers, without_times(json.loads(text) if text else None)


def test_every_request_is_answered_alike(urls):
    differences = []
    for request in REQUESTS:
        go, reference = (answer(url, *request) for url in urls)
        if go != reference:
            differences.append(f"{str(request)[:200]}\n  go        {go}\n  reference {reference}")
    assert not differences, "\n".join(differences)


def test_silence_is_judged_alike(urls):
    seen: list[list[str]] = [[], []]

    def statuses() -> list[str]:
        for url, so_far in zip(urls, seen, strict=True):
            _, _, agent = answer(url, "GET", "/agents/silent", None)
            if agent["status"] not in so_far:
                so_far.append(agent["status"])
        return [so_far[-1] for so_far in seen]

    for url in urls:
        answer(url, *REGISTER, b'{"name": "silent", "health_interval": 0.1}')
    eventually(lambda: statuses() == ["expired", "expired"])
    assert seen == [["healthy", "degraded", "expired"]] * 2


def test_go_takes_over_the_references_data(go_registry, tmp_path):
    with registry(REFERENCE, tmp_path) as (program, url):
        for body in (FULL, {"name": "a"}):
            httpx2.post(f"{url}/agents/register", json=body | {"health_interval": 60})
        before = httpx2.get(f"{url}/agents").json()
        assert program.end() == 0
    with registry([go_registry], tmp_path) as (_, url):
        assert httpx2.get(f"{url}/agents").json() == before
