package registry

import (
	"slices"
	"strings"
	"time"
)

// Capability names the agents that offer it.
type Capability struct {
	Name   string   `json:"name"`
	Agents []string `json:"agents"` // ids, sorted
}

// Health is the registry's own state.
type Health struct {
	Status        string  `json:"status"` // always "ok": one that cannot serve does not answer
	Service       string  `json:"service"`
	Version       string  `json:"version"`
	Agents        int     `json:"agents"` // those that are not expired
	UptimeSeconds float64 `json:"uptime_seconds"`
}

// Agent is the agent of the given id; false when the registry does not know it.
func (r *Registry) Agent(id string) (Agent, bool) {
	now := r.clock.now()
	known, exists := r.agents.get(id)
	if !exists || r.lifetimes.forgotten(known, now) {
		return Agent{}, false
	}
	return r.lifetimes.describe(known, now), true
}

// Agents gives the agents that the filter selects, sorted by id.
func (r *Registry) Agents(filter Filter) []Agent {
	now := r.clock.now()
	records, _ := r.agents.all()
	return slices.DeleteFunc(r.describeAll(records, now), func(a Agent) bool { return !filter.selects(a) })
}

// Capabilities gives what the agents offer that are not expired, sorted by name.
func (r *Registry) Capabilities() []Capability {
	byName := map[string][]string{}
	for _, agent := range r.Agents(Filter{}) {
		if agent.Status == Expired {
			continue
		}
		for _, name := range agent.Capabilities {
			byName[name] = append(byName[name], agent.ID)
		}
	}
	capabilities := make([]Capability, 0, len(byName))
	for name, agents := range byName {
		capabilities = append(capabilities, Capability{name, agents})
	}
	slices.SortFunc(capabilities, func(a, b Capability) int {
		return strings.Compare(a.Name, b.Name)
	})
	return capabilities
}

// Health reports the registry's own state.
func (r *Registry) Health() Health {
	now := r.clock.now()
	records, _ := r.agents.all()
	alive := 0
	for _, known := range records {
		if r.lifetimes.status(known, now) != Expired {
			alive++
		}
	}
	return Health{
		Status:        "ok",
		Service:       Service,
		Version:       r.build.Version,
		Agents:        alive,
		UptimeSeconds: r.clock().Sub(r.startedAt).Truncate(time.Millisecond).Seconds(),
	}
}

// describeAll leaves out the agents that are forgotten.
func (r *Registry) describeAll(records []record, now time.Time) []Agent {
	agents := make([]Agent, 0, len(records))
	for _, known := range records {
		if !r.lifetimes.forgotten(known, now) {
			agents = append(agents, r.lifetimes.describe(known, now))
		}
	}
	return agents
}
