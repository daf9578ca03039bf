package registry

import "time"

// Registration is what an agent says about itself. It is never changed once it
// was decoded, so every part of the registry may hold the same one.
type Registration struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Endpoint       string   `json:"endpoint"` // where its MCP server answers, or empty
	Capabilities   []string `json:"capabilities"`
	Dependencies   []string `json:"dependencies"` // capabilities it wants from others
	Version        string   `json:"version"`
	Description    string   `json:"description"`
	Tags           []string `json:"tags"`
	HealthInterval float64  `json:"health_interval"` // seconds between two heartbeats
}

// Agent is an agent as the registry's clients see it: its registration, and what
// the registry knows about it at the time of the answer.
type Agent struct {
	Registration
	DegradedAfter float64   `json:"degraded_after"` // seconds of silence
	ExpiredAfter  float64   `json:"expired_after"`  // seconds of silence
	Status        Status    `json:"status"`
	RegisteredAt  timestamp `json:"registered_at"`
	LastSeen      timestamp `json:"last_seen"`
}

// record is what the registry keeps about an agent, in memory and on disk.
type record struct {
	registration *Registration
	registeredAt time.Time
	lastSeen     time.Time
}

// timestamp is a time in UTC with three digits of milliseconds, as text, so that
// it sorts like the time it stands for.
type timestamp string

func timestampOf(t time.Time) timestamp {
	return timestamp(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// Clock tells the time; tests bring their own.
type Clock func() time.Time

// now is the time in whole milliseconds, the finest that the API shows and the
// store keeps: an agent reads the same before and after a restart.
func (c Clock) now() time.Time {
	return c().Truncate(time.Millisecond)
}
