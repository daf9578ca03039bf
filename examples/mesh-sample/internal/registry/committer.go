package registry

import (
	"errors"
	"sync"
)

// errClosed answers a write that came after the registry was closed.
var errClosed = errors.New("the registry is closed")

// The two bounds keep memory small when writes come faster than the disk takes
// them: what does not fit waits in its own request.
const (
	queuedWrites = 256
	batchWrites  = 256
)

// write is one change that waits for its commit.
type write struct {
	apply func(*batch) // decides what to store; runs on the committer's goroutine
	done  chan error   // receives once, when the batch is on disk or has failed
}

// committer makes writes durable in groups. While one group is being written,
// the next ones queue up; they are the next group. So a lone write never waits
// for company, and fifty at once cost little more than one.
type committer struct {
	queue  chan write
	quit   chan struct{} // closed: accept no more
	done   chan struct{} // closed: the goroutine has ended
	finish sync.Once
}

// startCommitter starts the goroutine. begin makes an empty batch; commit stores
// one and makes it visible.
func startCommitter(begin func() *batch, commit func(*batch) error) *committer {
	c := &committer{
		queue: make(chan write, queuedWrites),
		quit:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	go c.run(begin, commit)
	return c
}

// do returns once the change is on disk, or with the reason why it is not.
func (c *committer) do(apply func(*batch)) error {
	w := write{apply: apply, done: make(chan error, 1)}
	select {
	case c.queue <- w:
	case <-c.quit:
		return errClosed
	}
	select {
	case err := <-w.done:
		return err
	case <-c.done:
	}
	select { // both may have happened at once: an acknowledged write counts
	case err := <-w.done:
		return err
	default:
		return errClosed
	}
}

// close commits what is queued and ends the goroutine.
func (c *committer) close() {
	c.finish.Do(func() { close(c.quit) })
	<-c.done
}

func (c *committer) run(begin func() *batch, commit func(*batch) error) {
	defer close(c.done)
	for {
		select {
		case w := <-c.queue:
			c.commitWith(w, begin(), commit)
		case <-c.quit:
			for {
				select {
				case w := <-c.queue:
					c.commitWith(w, begin(), commit)
				default:
					return
				}
			}
		}
	}
}

// commitWith commits the first write together with all that already wait.
func (c *committer) commitWith(first write, b *batch, commit func(*batch) error) {
	first.apply(b)
	waiting := []chan error{first.done}
	for len(waiting) < batchWrites {
		select {
		case w := <-c.queue:
			w.apply(b)
			waiting = append(waiting, w.done)
			continue
		default:
		}
		break
	}
	var err error
	if len(b.changes) > 0 {
		err = commit(b)
	}
	for _, done := range waiting {
		done <- err
	}
}
