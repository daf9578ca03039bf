package registry

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// agentList is the body of GET /agents.
type agentList struct {
	Agents []Agent `json:"agents"`
	Count  int     `json:"count"`
}

// listing keeps the encoded list of all agents, by far the most frequent answer,
// for as long as it is true: until the next write, or until some agent has been
// silent long enough to read differently.
type listing struct {
	rebuild sync.Mutex // one request encodes, the others wait for its result
	last    atomic.Pointer[encodedList]
}

type encodedList struct {
	body     []byte
	revision uint64
	from     time.Time
	until    time.Time // zero: for ever
}

func (e *encodedList) holds(revision uint64, now time.Time) bool {
	return e != nil && e.revision == revision && !now.Before(e.from) &&
		(e.until.IsZero() || now.Before(e.until))
}

// EncodedAgents is the body of GET /agents without a filter. It must not be
// changed.
func (r *Registry) EncodedAgents() ([]byte, error) {
	if e := r.freshListing(); e != nil {
		return e.body, nil
	}
	r.listing.rebuild.Lock()
	defer r.listing.rebuild.Unlock()
	if e := r.freshListing(); e != nil {
		return e.body, nil
	}
	e, err := r.encodeListing()
	if err != nil {
		return nil, err
	}
	r.listing.last.Store(e)
	return e.body, nil
}

func (r *Registry) freshListing() *encodedList {
	e := r.listing.last.Load()
	if e.holds(r.agents.currentRevision(), r.clock.now()) {
		return e
	}
	return nil
}

func (r *Registry) encodeListing() (*encodedList, error) {
	now := r.clock.now()
	records, revision := r.agents.all()
	agents := r.describeAll(records, now)
	body, err := json.Marshal(agentList{agents, len(agents)})
	if err != nil {
		return nil, fmt.Errorf("encode the agents: %w", err)
	}
	e := &encodedList{body: body, revision: revision, from: now}
	for _, known := range records {
		if next, changes := r.lifetimes.nextChange(known, now); changes && (e.until.IsZero() || next.Before(e.until)) {
			e.until = next
		}
	}
	return e, nil
}
