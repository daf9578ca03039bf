package registry

import (
	"bytes"
	"testing"
	"time"
)

func TestTheEncodedListIsKeptUntilItIsNoLongerTrue(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "a", "health_interval": 10}`)
	c.register(`{"name": "b", "health_interval": 100}`)

	steps := []struct {
		name string
		do   func()
		same bool
	}{
		{"nothing happened", func() {}, true},
		{"no status changed", func() { c.clock.advance(19 * time.Second) }, true},
		{"an agent degraded", func() { c.clock.advance(time.Second) }, false},
		{"a heartbeat came", func() { c.call("POST", "/heartbeat", `{"id": "a"}`) }, false},
		{"an unknown agent's heartbeat came", func() { c.call("POST", "/heartbeat", `{"id": "c"}`) }, true},
		{"an agent came", func() { c.register(`{"name": "c"}`) }, false},
		{"an agent went", func() { c.call("DELETE", "/agents/c", "") }, false},
		{"the clock was set back", func() { c.clock.advance(-time.Second) }, false},
		{"an agent expired", func() { c.clock.advance(time.Minute) }, false},
		{"an agent was forgotten", func() { c.clock.advance(24 * time.Hour) }, false},
	}
	for _, step := range steps {
		before, err := c.registry.EncodedAgents()
		if err != nil {
			t.Fatal(err)
		}
		step.do()
		after, err := c.registry.EncodedAgents()
		if err != nil {
			t.Fatal(err)
		}
		if same := &before[0] == &after[0]; same != step.same {
			t.Errorf("%s: kept %t, want %t", step.name, same, step.same)
		}
		fresh := c.call("GET", "/agents?uncached", "").Body.Bytes()
		if !bytes.Equal(after, fresh) {
			t.Errorf("%s:\n got %s\nwant %s", step.name, after, fresh)
		}
	}
}
