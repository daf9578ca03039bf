package registry

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// sweepInterval is how often agents that are forgotten leave memory and disk.
// Nobody sees a forgotten agent in between.
const sweepInterval = time.Minute

// Registry knows the mesh's agents. All its methods may be called at once.
type Registry struct {
	lifetimes Lifetimes
	clock     Clock
	build     Build
	startedAt time.Time

	store     *store
	agents    *directory
	listing   listing
	committer *committer
	stopSweep context.CancelFunc
}

// Open loads the agents from the database, which it creates when there is none.
// The caller closes the registry.
func Open(database string, lifetimes Lifetimes, clock Clock, build Build) (*Registry, error) {
	store, err := openStore(database)
	if err != nil {
		return nil, err
	}
	records, err := store.load()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", database, err), store.close())
	}
	r := &Registry{
		lifetimes: lifetimes,
		clock:     clock,
		build:     build,
		startedAt: clock(),
		store:     store,
		agents:    newDirectory(records),
	}
	r.committer = startCommitter(r.begin, r.commit)
	ctx, stop := context.WithCancel(context.Background())
	r.stopSweep = stop
	go r.sweepRegularly(ctx)
	return r, nil
}

// Close commits the writes that wait and closes the database. A write after that
// fails.
func (r *Registry) Close() error {
	r.stopSweep()
	r.committer.close()
	if err := r.store.close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

func (r *Registry) begin() *batch {
	return &batch{now: r.clock.now(), agents: r.agents, changes: map[string]change{}}
}

func (r *Registry) commit(b *batch) error {
	if err := r.store.save(b.changes); err != nil {
		return err
	}
	r.agents.apply(b.changes)
	return nil
}

func (r *Registry) sweepRegularly(ctx context.Context) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = r.sweep() // what could not be deleted now is tried again next time
		case <-ctx.Done():
			return
		}
	}
}

// sweep deletes the agents that are forgotten.
func (r *Registry) sweep() error {
	return r.committer.do(func(b *batch) {
		records, _ := r.agents.all()
		for _, known := range records {
			id := known.registration.ID
			if current, exists := b.get(id); exists && r.lifetimes.forgotten(current, b.now) {
				b.remove(id)
			}
		}
	})
}
