package registry

// Register stores the registration, replacing an earlier one of the same id, and
// counts as a sign of life. created tells whether the id is new.
func (r *Registry) Register(registration *Registration) (agent Agent, created bool, err error) {
	err = r.committer.do(func(b *batch) {
		known, exists := r.current(b, registration.ID)
		next := record{registration: registration, registeredAt: b.now, lastSeen: b.now}
		if exists {
			next.registeredAt = known.registeredAt
		}
		b.register(next)
		agent, created = r.lifetimes.describe(next, b.now), !exists
	})
	return agent, created, err
}

// Heartbeat is an agent's sign of life. For an id that the registry does not know
// exists is false, and the agent has to register again.
func (r *Registry) Heartbeat(id string) (agent Agent, exists bool, err error) {
	err = r.committer.do(func(b *batch) {
		var known record
		if known, exists = r.current(b, id); !exists {
			return
		}
		known.lastSeen = b.now
		b.touch(known)
		agent = r.lifetimes.describe(known, b.now)
	})
	return agent, exists, err
}

// Remove drops the agent. existed is false for an id that the registry does not
// know.
func (r *Registry) Remove(id string) (existed bool, err error) {
	err = r.committer.do(func(b *batch) {
		if _, existed = r.current(b, id); existed {
			b.remove(id)
		}
	})
	return existed, err
}

// current is the agent within a batch, unless it is forgotten.
func (r *Registry) current(b *batch, id string) (record, bool) {
	known, exists := b.get(id)
	if !exists || r.lifetimes.forgotten(known, b.now) {
		return record{}, false
	}
	return known, true
}
