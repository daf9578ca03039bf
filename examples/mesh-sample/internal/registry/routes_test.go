package registry

import (
	"slices"
	"testing"
	"time"
)

const (
	helloBody = `{
		"name": "hello-world-demo", "endpoint": "http://127.0.0.1:41237/mcp",
		"capabilities": ["greeting", "farewell", "greeting"], "dependencies": ["system_info"],
		"version": "1.0.0", "description": "Greets the caller", "tags": ["demo"], "color": "red"}`

	helloAgent = `{
		"id": "hello-world-demo", "name": "hello-world-demo", "endpoint": "http://127.0.0.1:41237/mcp",
		"capabilities": ["greeting", "farewell"], "dependencies": ["system_info"],
		"version": "1.0.0", "description": "Greets the caller", "tags": ["demo"],
		"health_interval": 30, "degraded_after": 60, "expired_after": 120, "status": "healthy",
		"registered_at": "2026-03-01T12:00:00.000Z", "last_seen": "2026-03-01T12:00:00.000Z"}`
)

func TestANewAgentIsCreatedAndThenReadBack(t *testing.T) {
	c := newClient(t)
	c.expect("POST", "/agents/register", helloBody, 201, helloAgent)
	c.expect("GET", "/agents/hello-world-demo", "", 200, helloAgent)
	c.expect("GET", "/agents", "", 200, `{"agents": [`+helloAgent+`], "count": 1}`)
}

func TestARegistrationWithANameAloneGetsTheDefaults(t *testing.T) {
	for _, body := range []string{
		`{"name": "a"}`,
		`{"name": "a", "id": null, "endpoint": null, "capabilities": null, "dependencies": null,
		  "tags": null, "version": null, "description": null, "health_interval": null}`,
	} {
		newClient(t).expect("POST", "/agents/register", body, 201, `{
			"id": "a", "name": "a", "endpoint": "", "capabilities": [], "dependencies": [],
			"version": "0.0.0", "description": "", "tags": [], "health_interval": 30,
			"degraded_after": 60, "expired_after": 120, "status": "healthy",
			"registered_at": "2026-03-01T12:00:00.000Z", "last_seen": "2026-03-01T12:00:00.000Z"}`)
	}
}

func TestAKnownAgentIsReplacedAndKeepsTheTimeOfItsFirstRegistration(t *testing.T) {
	c := newClient(t)
	c.register(helloBody)
	c.clock.advance(1500 * time.Millisecond)
	c.expect("POST", "/agents/register", `{"id": "hello-world-demo", "name": "other", "health_interval": 0.1}`, 200, `{
		"id": "hello-world-demo", "name": "other", "endpoint": "", "capabilities": [], "dependencies": [],
		"version": "0.0.0", "description": "", "tags": [], "health_interval": 0.1,
		"degraded_after": 0.2, "expired_after": 0.4, "status": "healthy",
		"registered_at": "2026-03-01T12:00:00.000Z", "last_seen": "2026-03-01T12:00:01.500Z"}`)
}

func TestAHeartbeatMovesLastSeen(t *testing.T) {
	c := newClient(t)
	c.register(helloBody)
	c.clock.advance(90 * time.Second)
	c.expect("POST", "/heartbeat", `{"id": "hello-world-demo"}`, 200,
		`{"id": "hello-world-demo", "status": "healthy", "last_seen": "2026-03-01T12:01:30.000Z"}`)
	if agent, _ := c.registry.Agent("hello-world-demo"); agent.LastSeen != "2026-03-01T12:01:30.000Z" {
		t.Errorf("last_seen %s", agent.LastSeen)
	}
}

func TestADeletedAgentIsGone(t *testing.T) {
	c := newClient(t)
	c.register(helloBody)
	c.expect("DELETE", "/agents/hello-world-demo", "", 204, "")
	c.expect("GET", "/agents", "", 200, `{"agents": [], "count": 0}`)
	c.expect("DELETE", "/agents/hello-world-demo", "", 404,
		`{"error": {"code": "not_found", "message": "no agent \"hello-world-demo\""}}`)
}

func TestAgentsAreSortedAndFiltered(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "twin", "id": "b", "capabilities": ["x"]}`)
	c.register(`{"name": "twin", "id": "a", "capabilities": ["x", "y"], "health_interval": 10}`)
	c.register(`{"name": "other", "id": "B", "capabilities": ["y"]}`)
	c.clock.advance(20 * time.Second) // "a" is degraded

	for query, want := range map[string][]string{
		"":                               {"B", "a", "b"},
		"?color=red":                     {"B", "a", "b"},
		"?capability=x":                  {"a", "b"},
		"?capability=X":                  {},
		"?capability=":                   {},
		"?name=twin":                     {"a", "b"},
		"?n%61me=t%77in":                 {"a", "b"},
		"?name=twin;":                    {},
		"?name=%zz":                      {},
		"?status=degraded":               {"a"},
		"?status=healthy&name=twin":      {"b"},
		"?status=expired":                {},
		"?capability=y&name=twin&color=": {"a"},
	} {
		answer := c.call("GET", "/agents"+query, "")
		if got := idsOf(t, answer.Body.Bytes()); !slices.Equal(got, want) {
			t.Errorf("GET /agents%s: %v, want %v", query, got, want)
		}
	}
}

func TestCapabilitiesLeaveExpiredAgentsOut(t *testing.T) {
	c := newClient(t)
	c.expect("GET", "/capabilities", "", 200, `{"capabilities": [], "count": 0}`)
	c.register(`{"name": "b", "capabilities": ["y", "x"]}`)
	c.register(`{"name": "a", "capabilities": ["x"]}`)
	c.register(`{"name": "short", "capabilities": ["x", "z"], "health_interval": 1}`)
	c.clock.advance(4 * time.Second)
	c.expect("GET", "/capabilities", "", 200, `{"capabilities": [
		{"name": "x", "agents": ["a", "b"]}, {"name": "y", "agents": ["b"]}], "count": 2}`)
}

func TestHealthCountsTheAgentsThatAreNotExpired(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "long"}`)
	c.register(`{"name": "degraded", "health_interval": 5}`)
	c.register(`{"name": "expired", "health_interval": 1}`)
	c.clock.advance(12345 * time.Millisecond)
	c.expect("GET", "/health", "", 200, `{"status": "ok", "service": "mcp-mesh-registry",
		"version": "1.0.0", "agents": 2, "uptime_seconds": 12.345}`)
}

func TestAnAgentMayBeCalledRegister(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "register"}`)
	if got := c.call("GET", "/agents/register", "").Code; got != 200 {
		t.Errorf("GET: %d", got)
	}
	c.expect("DELETE", "/agents/register", "", 204, "")
}
