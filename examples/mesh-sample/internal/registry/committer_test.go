package registry

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// gatedCommits stands for a slow disk: every commit waits to be let through.
type gatedCommits struct {
	started chan int   // how many changes the commit that begins holds
	result  chan error // lets it through
}

func startGated(t *testing.T) (*committer, gatedCommits) {
	g := gatedCommits{make(chan int), make(chan error)}
	begin := func() *batch { return &batch{agents: newDirectory(nil), changes: map[string]change{}} }
	return startCommitter(begin, func(b *batch) error {
		g.started <- len(b.changes)
		return <-g.result
	}), g
}

// submit queues writes of different agents; their results come in any order.
func submit(c *committer, name string, count int) <-chan error {
	results := make(chan error, count)
	for i := range count {
		go func() {
			results <- c.do(func(b *batch) { b.remove(fmt.Sprint(name, i)) })
		}()
	}
	return results
}

func waitUntilQueued(c *committer, count int) {
	for len(c.queue) < count {
		runtime.Gosched()
	}
}

func TestWritesThatWaitAreCommittedTogether(t *testing.T) {
	c, disk := startGated(t)
	defer c.close()

	first := submit(c, "first", 1)
	if got := <-disk.started; got != 1 {
		t.Fatalf("a lone write waited for company: %d", got)
	}
	others := submit(c, "other", 50)
	waitUntilQueued(c, 50)
	disk.result <- nil
	if err := <-first; err != nil {
		t.Error(err)
	}
	if got := <-disk.started; got != 50 {
		t.Errorf("%d writes in the second commit, want 50", got)
	}
	select {
	case <-others:
		t.Error("a write was acknowledged before its commit ended")
	default:
	}
	disk.result <- nil
	for range 50 {
		if err := <-others; err != nil {
			t.Error(err)
		}
	}
}

func TestAFailedCommitFailsItsWritesAndNoOthers(t *testing.T) {
	c, disk := startGated(t)
	defer c.close()
	diskFull := errors.New("disk full")

	first := submit(c, "first", 1)
	<-disk.started
	second := submit(c, "second", 1)
	waitUntilQueued(c, 1)
	disk.result <- diskFull
	if err := <-first; !errors.Is(err, diskFull) {
		t.Errorf("%v, want %v", err, diskFull)
	}
	<-disk.started
	disk.result <- nil
	if err := <-second; err != nil {
		t.Error(err)
	}
}

func TestClosingCommitsWhatIsQueued(t *testing.T) {
	c, disk := startGated(t)
	first := submit(c, "first", 1)
	<-disk.started
	queued := submit(c, "queued", 3)
	waitUntilQueued(c, 3)

	closed := make(chan struct{})
	go func() { c.close(); close(closed) }()
	disk.result <- nil
	<-disk.started
	disk.result <- nil
	<-closed
	for _, results := range []<-chan error{first, queued, queued, queued} {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if err := c.do(func(b *batch) { b.remove("late") }); !errors.Is(err, errClosed) {
		t.Errorf("a write after the close: %v, want %v", err, errClosed)
	}
	c.close() // a second time is harmless
}

func TestAWriteThatChangesNothingNeedsNoCommit(t *testing.T) {
	c, _ := startGated(t) // a commit would wait for ever
	defer c.close()
	if err := c.do(func(*batch) {}); err != nil {
		t.Error(err)
	}
}

func TestClosingWhileWritesComeLosesNone(t *testing.T) {
	var mu sync.Mutex
	committed := map[string]bool{}
	c := startCommitter(
		func() *batch { return &batch{agents: newDirectory(nil), changes: map[string]change{}} },
		func(b *batch) error {
			mu.Lock()
			defer mu.Unlock()
			for id := range b.changes {
				committed[id] = true
			}
			return nil
		})
	var group sync.WaitGroup
	acknowledged := make([]bool, 500)
	for i := range acknowledged {
		group.Add(1)
		go func() {
			defer group.Done()
			acknowledged[i] = c.do(func(b *batch) { b.remove(fmt.Sprint(i)) }) == nil
		}()
	}
	c.close()
	group.Wait()
	for i, acked := range acknowledged {
		if acked && !committed[fmt.Sprint(i)] {
			t.Errorf("write %d was acknowledged and not committed", i)
		}
	}
}
