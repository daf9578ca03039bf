package registry

import (
	"path/filepath"
	"testing"
	"time"
)

func TestASilentAgentDegradesExpiresAndIsForgotten(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "a", "health_interval": 10}`)
	steps := []struct {
		at   time.Duration // since it was last seen
		want Status
	}{
		{0, Healthy},
		{20*time.Second - time.Millisecond, Healthy},
		{20 * time.Second, Degraded},
		{40*time.Second - time.Millisecond, Degraded},
		{40 * time.Second, Expired},
		{40*time.Second + 24*time.Hour - time.Millisecond, Expired},
		{40*time.Second + 24*time.Hour, ""},
	}
	seenAt := c.clock.Now()
	for _, step := range steps {
		c.clock.advance(seenAt.Add(step.at).Sub(c.clock.Now()))
		if got := c.status("a"); got != step.want {
			t.Errorf("after %s: %q, want %q", step.at, got, step.want)
		}
	}
}

func TestAHeartbeatHealsAnExpiredAgent(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "a", "health_interval": 1}`)
	c.clock.advance(time.Hour)
	c.expect("POST", "/heartbeat", `{"id": "a"}`, 200,
		`{"id": "a", "status": "healthy", "last_seen": "2026-03-01T13:00:00.000Z"}`)
}

func TestAForgottenAgentIsUnknownToEveryRoute(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "a", "capabilities": ["x"]}`)
	c.clock.advance(25 * time.Hour)
	unknown := `{"error": {"code": "not_found", "message": "no agent \"a\""}}`
	c.expect("GET", "/agents/a", ``, 404, unknown)
	c.expect("POST", "/heartbeat", `{"id": "a"}`, 404, unknown)
	c.expect("DELETE", "/agents/a", ``, 404, unknown)
	c.expect("GET", "/agents", ``, 200, `{"agents": [], "count": 0}`)
	c.expect("GET", "/agents?status=expired", ``, 200, `{"agents": [], "count": 0}`)

	if answer := c.call("POST", "/agents/register", `{"name": "a"}`); answer.Code != 201 {
		t.Errorf("registering again: %d, want 201", answer.Code)
	}
	if agent, _ := c.registry.Agent("a"); agent.RegisteredAt != "2026-03-02T13:00:00.000Z" {
		t.Errorf("registered_at is %s, that of the forgotten agent", agent.RegisteredAt)
	}
}

func TestASweepDeletesTheForgottenFromMemoryAndDisk(t *testing.T) {
	database := filepath.Join(t.TempDir(), "registry.db")
	c := openClient(t, database, newFakeClock())
	c.register(`{"name": "old"}`)
	c.clock.advance(25 * time.Hour)
	c.register(`{"name": "new"}`)
	if err := c.registry.sweep(); err != nil {
		t.Fatal(err)
	}
	if _, known := c.registry.agents.get("old"); known {
		t.Error("it is still in memory")
	}
	c.registry.Close()

	records := storedRecords(t, database)
	if len(records) != 1 || records[0].registration.ID != "new" {
		t.Errorf("on disk: %+v", records)
	}
}

func TestLifetimesOfTheSettingsWinOverTheAgents(t *testing.T) {
	l := Lifetimes{DegradedAfter: 500 * time.Millisecond, ExpiredAfter: time.Second, Retention: time.Second}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := record{&Registration{HealthInterval: 30}, at, at}
	for after, want := range map[time.Duration]Status{
		499 * time.Millisecond:  Healthy,
		500 * time.Millisecond:  Degraded,
		1000 * time.Millisecond: Expired,
	} {
		agent := l.describe(r, at.Add(after))
		if agent.Status != want || agent.DegradedAfter != 0.5 || agent.ExpiredAfter != 1 {
			t.Errorf("after %s: %+v, want %s", after, agent, want)
		}
	}
	if !l.forgotten(r, at.Add(2*time.Second)) {
		t.Error("it is not forgotten after the retention time")
	}
}

func TestAnAgentMayExpireWithoutDegrading(t *testing.T) {
	l := Lifetimes{DegradedAfter: time.Hour, Retention: time.Hour}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if got := l.status(record{&Registration{HealthInterval: 1}, at, at}, at.Add(4*time.Second)); got != Expired {
		t.Errorf("%s, want expired", got)
	}
}
