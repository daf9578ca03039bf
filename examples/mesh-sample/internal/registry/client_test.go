package registry

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeClock starts at noon on 1 March 2026, and goes on when told to.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// client calls a registry's routes without a network.
type client struct {
	t        testing.TB
	registry *Registry
	handler  http.Handler
	clock    *fakeClock
}

// newClient opens an empty registry that closes with the test.
func newClient(t testing.TB) client {
	return openClient(t, filepath.Join(t.TempDir(), "registry.db"), newFakeClock())
}

func openClient(t testing.TB, database string, clock *fakeClock) client {
	t.Helper()
	r, err := Open(database, DefaultSettings().Lifetimes, clock.Now, Build{Version: "1.0.0", Commit: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return client{t, r, NewHandler(r), clock}
}

// call sends a request and gives the answer.
func (c client) call(method, path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, httptest.NewRequest(method, path, strings.NewReader(body)))
	return recorder
}

// expect sends a request and compares the answer with a status and a JSON body; an
// empty one stands for no body at all.
func (c client) expect(method, path, body string, status int, want string) {
	c.t.Helper()
	answer := c.call(method, path, body)
	if answer.Code != status {
		c.t.Errorf("%s %s: status %d, want %d; body %s", method, path, answer.Code, status, answer.Body)
	}
	if want == "" {
		if answer.Body.Len() > 0 {
			c.t.Errorf("%s %s: body %q, want none", method, path, answer.Body)
		}
		return
	}
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		c.t.Errorf("%s %s: Content-Type %q, want application/json", method, path, got)
	}
	if !sameJSON(c.t, answer.Body.String(), want) {
		c.t.Errorf("%s %s:\n got %s\nwant %s", method, path, answer.Body, want)
	}
}

// register registers an agent that has to be accepted.
func (c client) register(body string) {
	c.t.Helper()
	if answer := c.call("POST", "/agents/register", body); answer.Code >= 300 {
		c.t.Fatalf("register %s: status %d, %s", body, answer.Code, answer.Body)
	}
}

// status is the agent's status; empty when the registry does not know it.
func (c client) status(id string) Status {
	agent, _ := c.registry.Agent(id)
	return agent.Status
}

func sameJSON(t testing.TB, a, b string) bool {
	t.Helper()
	var decodedA, decodedB any
	if err := json.Unmarshal([]byte(a), &decodedA); err != nil {
		t.Fatalf("%v in %s", err, a)
	}
	if err := json.Unmarshal([]byte(b), &decodedB); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return reflect.DeepEqual(decodedA, decodedB)
}

// idsOf gives the ids of an answer to GET /agents, whose count has to agree.
func idsOf(t testing.TB, body []byte) []string {
	t.Helper()
	var list agentList
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if list.Count != len(list.Agents) {
		t.Errorf("count %d with %d agents", list.Count, len(list.Agents))
	}
	ids := []string{}
	for _, agent := range list.Agents {
		ids = append(ids, agent.ID)
	}
	return ids
}
