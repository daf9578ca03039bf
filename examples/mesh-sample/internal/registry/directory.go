package registry

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// directory holds every agent in memory. It is what reads are answered from, and
// it only ever holds what is already on disk.
type directory struct {
	mu       sync.RWMutex
	records  map[string]record
	revision uint64 // counts the changes, so that a reader can tell its copy is old
}

func newDirectory(records []record) *directory {
	byID := make(map[string]record, len(records))
	for _, r := range records {
		byID[r.registration.ID] = r
	}
	return &directory{records: byID}
}

func (d *directory) get(id string) (record, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, known := d.records[id]
	return r, known
}

// all gives every record, sorted by id, and the revision it belongs to.
func (d *directory) all() ([]record, uint64) {
	d.mu.RLock()
	records, revision := slices.Collect(maps.Values(d.records)), d.revision
	d.mu.RUnlock()
	slices.SortFunc(records, func(a, b record) int {
		return strings.Compare(a.registration.ID, b.registration.ID)
	})
	return records, revision
}

// currentRevision is the revision that all would give.
func (d *directory) currentRevision() uint64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.revision
}

// apply makes a committed batch visible, all of it at once.
func (d *directory) apply(changes map[string]change) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, c := range changes {
		if c.kind == removed {
			delete(d.records, id)
		} else {
			d.records[id] = c.record
		}
	}
	d.revision++
}
