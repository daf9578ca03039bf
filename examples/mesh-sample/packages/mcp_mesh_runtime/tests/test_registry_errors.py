"""Every row of the contract's table of errors, on the reference registry."""

import pytest
from conftest import Reference

IDENTIFIER = "must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
URL = "must be an http or https URL"
ENTRIES = "must have entries of 1 to 128 characters"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """One registry for all: what is refused changes nothing in it."""
    with Reference(tmp_path_factory.mktemp("registry") / "registry.db").running() as client:
        yield client


def refused(answer, status, code, message, fields=None):
    assert answer.headers["content-type"] == "application/json"
    error = {"code": code, "message": message}
    if fields is not None:
        error["fields"] = [{"field": field, "message": reason} for field, reason in fields]
    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize("path", ["/agents/register", "/heartbeat"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"a"',
        b"{",
        b"{} {}",
        b"{'name': 'a'}",
        b'{"name": NaN}',
        b'{"name": -Infinity}',
        b'\xef\xbb\xbf{"name": "a"}',
        b'{"name": "\xff"}',
        '{"name": "a"}'.encode("utf-16"),
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_object(api, path, body):
    refused(api.post(path, content=body), 400, "malformed_json", "the body is not a JSON object")


def test_the_content_type_does_not_matter(api):
    answer = api.post("/heartbeat", content=b'{"id": "x"}', headers={"content-type": "text/plain"})
    refused(answer, 404, "not_found", 'no agent "x"')


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/agents/x", None),
        ("DELETE", "/agents/x", None),
        ("POST", "/heartbeat", {"id": "x"}),
    ],
)
def test_an_unknown_agent(api, method, path, body):
    refused(api.request(method, path, json=body), 404, "not_found", 'no agent "x"')


@pytest.mark.parametrize("path", ["/", "/x", "/agents/", "/agents/a/b", "/health/", "/docs"])
def test_an_unknown_route(api, path):
    refused(api.get(path), 404, "not_found", f'no route "{path}"')


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET"),
        ("HEAD", "/health", "GET"),
        ("OPTIONS", "/agents", "GET"),
        ("GET", "/heartbeat", "POST"),
        ("PUT", "/agents/a", "DELETE, GET"),
        ("PATCH", "/agents/register", "DELETE, GET, POST"),
        ("POST", "/openapi.json", "GET"),
    ],
)
def test_another_method(api, method, path, allow):
    answer = api.request(method, path)
    assert answer.headers["allow"] == allow
    if method == "HEAD":
        assert answer.status_code == 405
    else:
        refused(answer, 405, "method_not_allowed", f"{method} is not allowed here")


def test_a_body_over_the_limit(api):
    def body(size):
        return b'{"id": "x", "x": "' + b"x" * (size - 20) + b'"}'

    assert api.post("/heartbeat", content=body(1048576)).status_code == 404
    answer = api.post("/heartbeat", content=body(1048577))
    refused(answer, 413, "payload_too_large", "the body is over 1048576 bytes")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", None, "is required"),
        ("name", 7, "must be a string"),
        ("name", "", IDENTIFIER),
        ("name", "-a", IDENTIFIER),
        ("name", "a b", IDENTIFIER),
        ("name", "a\n", IDENTIFIER),
        ("name", "é", IDENTIFIER),
        ("name", "a" * 129, IDENTIFIER),
        ("id", [], "must be a string"),
        ("id", "", IDENTIFIER),
        ("endpoint", True, "must be a string"),
        ("endpoint", "http://h/" + "x" * 2040, "must have at most 2048 characters"),
        ("endpoint", "/mcp", URL),
        ("endpoint", "ftp://h/", URL),
        ("endpoint", "http://", URL),
        ("endpoint", "http:///mcp", URL),
        ("endpoint", "http://:80/", URL),
        ("endpoint", "http://h:port/", URL),
        ("endpoint", "http://h h/", URL),
        ("endpoint", "http://h/%zz", URL),
        ("endpoint", "http://h/\n", URL),
        ("endpoint", " http://h/", URL),
        ("capabilities", "x", "must be a list of strings"),
        ("capabilities", ["x", 1], "must be a list of strings"),
        ("dependencies", {"x": 1}, "must be a list of strings"),
        ("dependencies", ["x"] * 101, "must have at most 100 entries"),
        ("tags", [None], "must be a list of strings"),
        ("tags", [""], ENTRIES),
        ("tags", ["x" * 129], ENTRIES),
        ("version", 1, "must be a string"),
        ("version", "x" * 65, "must have at most 64 characters"),
        ("description", "x" * 1025, "must have at most 1024 characters"),
        ("health_interval", "30", "must be a number"),
        ("health_interval", True, "must be a number"),
        ("health_interval", 0.0999, "must be between 0.1 and 3600"),
        ("health_interval", 3600.001, "must be between 0.1 and 3600"),
        ("health_interval", 10**400, "must be between 0.1 and 3600"),
    ],
)
def test_a_field_that_is_not_valid(api, field, value, message):
    answer = api.post("/agents/register", json={"name": "bad", field: value})
    refused(answer, 422, "validation_failed", "1 field is not valid", [(field, message)])
    assert api.get("/agents/bad").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a" * 128),
        ("name", "0._-"),
        ("endpoint", "HTTP://h"),
        ("endpoint", "https://u:p@[::1]:8443/a b?x=%zz#y"),
        ("endpoint", "http://h:/"),
        ("endpoint", "http://h/" + "é" * 2039),
        ("capabilities", ["é" * 128] * 100),
        ("version", "é" * 64),
        ("description", ""),
        ("health_interval", 0.1),
        ("health_interval", 3600),
    ],
)
def test_a_field_at_its_limit_is_valid(api, field, value):
    answer = api.post("/agents/register", json={"name": "a", field: value})
    assert answer.is_success
    kept = answer.json()[field]
    assert kept == (list(dict.fromkeys(value)) if isinstance(value, list) else value)


def test_all_fields_are_told_at_once_in_the_contracts_order(api):
    fields = "health_interval description version tags dependencies capabilities endpoint id name"
    answer = api.post("/agents/register", json=dict.fromkeys(fields.split(), False))
    assert answer.json()["error"]["message"] == "9 fields are not valid"
    assert [problem["field"] for problem in answer.json()["error"]["fields"]] == [
        "name",
        "id",
        "endpoint",
        "capabilities",
        "dependencies",
        "tags",
        "version",
        "description",
        "health_interval",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "is required"),
        ({"id": None}, "is required"),
        ({"id": 1}, "must be a string"),
        ({"id": "/"}, IDENTIFIER),
    ],
)
def test_a_heartbeat_without_a_usable_id(api, body, message):
    answer = api.post("/heartbeat", json=body)
    refused(answer, 422, "validation_failed", "1 field is not valid", [("id", message)])


def test_filters_that_are_not_valid(api):
    answer = api.get("/agents?status=bad")
    reason = "must be one of healthy, degraded, expired"
    refused(answer, 422, "validation_failed", "1 field is not valid", [("status", reason)])
    answer = api.get("/agents?status=healthy&name=a&status=x&name=a")
    once = [("name", "must be given once"), ("status", "must be given once")]
    refused(answer, 422, "validation_failed", "2 fields are not valid", once)
