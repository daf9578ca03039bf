package registry

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// storedRecords reads a database that no registry has open.
func storedRecords(t *testing.T, database string) []record {
	t.Helper()
	s, err := openStore(database)
	if err != nil {
		t.Fatal(err)
	}
	records, err := s.load()
	if err := errors.Join(err, s.close()); err != nil {
		t.Fatal(err)
	}
	return records
}

func TestARestartKeepsTheAgents(t *testing.T) {
	database := filepath.Join(t.TempDir(), "registry.db")
	c := openClient(t, database, newFakeClock())
	c.register(helloBody)
	c.register(`{"name": "odd", "description": "\u0000 'quoted' \ud83d\ude00 <&>", "health_interval": 0.30000000000000004}`)
	c.register(`{"name": "deleted"}`)
	c.call("DELETE", "/agents/deleted", "")
	c.clock.advance(61 * time.Second)
	c.call("POST", "/heartbeat", `{"id": "odd"}`)
	before := c.registry.Agents(Filter{})
	if err := c.registry.Close(); err != nil {
		t.Fatal(err)
	}

	after := openClient(t, database, c.clock).registry.Agents(Filter{})
	if !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	if len(after) != 2 || after[0].Status != Degraded || after[1].Status != Healthy {
		t.Errorf("%+v", after)
	}
}

// A copy of the files while the registry runs is what a power cut leaves behind.
func TestEveryAcknowledgedWriteSurvivesACrash(t *testing.T) {
	folder := t.TempDir()
	c := openClient(t, filepath.Join(folder, "registry.db"), newFakeClock())
	c.register(`{"name": "beating"}`)

	var group sync.WaitGroup
	for worker := range 20 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range 10 {
				id := fmt.Sprintf("agent-%d-%d", worker, i)
				c.call("POST", "/agents/register", `{"name": "`+id+`"}`)
				c.call("POST", "/heartbeat", `{"id": "beating"}`)
				if i%2 == 1 {
					c.call("DELETE", "/agents/"+id, "")
				}
			}
		}()
	}
	group.Wait()
	want := c.registry.Agents(Filter{})
	if len(want) != 101 {
		t.Fatalf("%d agents, want 101", len(want))
	}

	crashed := t.TempDir()
	if err := os.CopyFS(crashed, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	got := openClient(t, filepath.Join(crashed, "registry.db"), c.clock).registry.Agents(Filter{})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d agents after the crash, want %d", len(got), len(want))
	}
}

func TestAnAgentThatComesAndBeatsInOneBatchIsStoredWhole(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	at := time.UnixMilli(1000)
	b := &batch{agents: newDirectory(nil), changes: map[string]change{}}
	r := record{&Registration{ID: "a", Name: "a"}, at, at}
	b.register(r)
	r.lastSeen = at.Add(time.Second)
	b.touch(r)
	if err := s.save(b.changes); err != nil {
		t.Fatal(err)
	}
	if got, err := s.load(); err != nil || !reflect.DeepEqual(got, []record{r}) {
		t.Errorf("%+v, %v; want %+v", got, err, r)
	}
}

func TestAFailedSaveKeepsNothingOfIt(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.exec(`CREATE TRIGGER refuse BEFORE INSERT ON agents WHEN new.id = 'bad' BEGIN SELECT raise(ABORT, 'refused'); END`); err != nil {
		t.Fatal(err)
	}
	changes := map[string]change{}
	for _, id := range []string{"a", "b", "bad", "c"} {
		changes[id] = change{registered, record{registration: &Registration{ID: id}}}
	}
	if err := s.save(changes); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("error %v", err)
	}
	delete(changes, "bad")
	if got, err := s.load(); err != nil || len(got) != 0 {
		t.Errorf("%d kept, %v", len(got), err)
	}
	if err := s.save(changes); err != nil {
		t.Errorf("the next save fails too: %v", err)
	}
}

func TestDatabasesThatAreNotTheRegistrysAreRefused(t *testing.T) {
	tests := map[string]struct {
		prepare func(t *testing.T, path string)
		want    string
	}{
		"of another program": {execute("CREATE TABLE agents (id TEXT)"), "not a database of this registry"},
		"of a later version": {execute("PRAGMA user_version = 99"), "schema 99, expected 1"},
		"not a database": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("text ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a database"},
		"a folder": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "unable to open"},
		"in use": {func(t *testing.T, path string) { openClient(t, path, newFakeClock()) }, "locked"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "registry.db")
			test.prepare(t, path)
			_, err := Open(path, Lifetimes{}, time.Now, Build{})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want one with %q and the path", err, test.want)
			}
		})
	}
}

func execute(statement string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec(statement)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
