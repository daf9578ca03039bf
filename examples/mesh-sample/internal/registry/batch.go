package registry

import "time"

// changeKind says how much of a record a batch has to store.
type changeKind int

const (
	registered changeKind = iota // all of it
	seen                         // its lastSeen alone
	removed                      // nothing: it goes
)

// change is what a batch makes of one agent.
type change struct {
	kind   changeKind
	record record // empty when removed
}

// batch is a group of writes that become durable together. Its writes run one
// after another, each seeing what the ones before it did, and only the last state
// of each agent is stored.
type batch struct {
	now     time.Time // of every write in it
	agents  *directory
	changes map[string]change
}

// get is the agent as the writes before left it.
func (b *batch) get(id string) (record, bool) {
	if c, changed := b.changes[id]; changed {
		return c.record, c.kind != removed
	}
	return b.agents.get(id)
}

// register stores all of the record.
func (b *batch) register(r record) {
	b.changes[r.registration.ID] = change{registered, r}
}

// touch stores a new lastSeen of a record that get gave.
func (b *batch) touch(r record) {
	kind := seen
	if before, changed := b.changes[r.registration.ID]; changed {
		kind = before.kind // registered in this very batch: still not on disk
	}
	b.changes[r.registration.ID] = change{kind, r}
}

// remove drops the agent.
func (b *batch) remove(id string) {
	b.changes[id] = change{kind: removed}
}
