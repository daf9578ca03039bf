package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // SQLite in pure Go: the same on every platform, without cgo
)

// schemaVersion is the layout's number, kept in the file as PRAGMA user_version.
const schemaVersion = 1

const schema = `
CREATE TABLE agents (
	id            TEXT PRIMARY KEY,
	registration  TEXT NOT NULL,    -- Registration as JSON
	registered_at INTEGER NOT NULL, -- milliseconds since 1970
	last_seen     INTEGER NOT NULL  -- milliseconds since 1970
) WITHOUT ROWID;
PRAGMA user_version = 1;`

// pragmas hold for the connection. FULL makes every commit wait for the disk. The
// registry answers from memory, so a second one on the same file would show other
// agents than the first: the exclusive lock refuses it.
const pragmas = `
PRAGMA busy_timeout = 2000;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -512;`

// store keeps the records in one SQLite file. It has one connection and is used
// by one goroutine at a time.
type store struct {
	db       *sql.DB
	conn     *sql.Conn
	register *sql.Stmt
	see      *sql.Stmt
	remove   *sql.Stmt
}

// openStore opens the database, and creates it when there is none. The folder
// must exist.
func openStore(path string) (*store, error) {
	s, err := connect(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return s, nil
}

func connect(path string) (*store, error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	s := &store{db: db}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *store) prepare() (err error) {
	ctx := context.Background()
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if err := s.exec(pragmas); err != nil {
		return err
	}
	if err := s.ensureSchema(); err != nil {
		return err
	}
	for query, statement := range map[string]**sql.Stmt{
		`INSERT OR REPLACE INTO agents (id, registration, registered_at, last_seen) VALUES (?, ?, ?, ?)`: &s.register,
		`UPDATE agents SET last_seen = ? WHERE id = ?`:                                                   &s.see,
		`DELETE FROM agents WHERE id = ?`:                                                                &s.remove,
	} {
		if *statement, err = s.conn.PrepareContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// ensureSchema refuses a file that something else, or a later registry, wrote.
func (s *store) ensureSchema() error {
	var version, tables int
	row := s.conn.QueryRowContext(context.Background(),
		`SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version`)
	if err := row.Scan(&version, &tables); err != nil {
		return err
	}
	switch {
	case version == schemaVersion:
		return nil
	case version == 0 && tables == 0:
		return s.exec("BEGIN IMMEDIATE;" + schema + "COMMIT;")
	default:
		return fmt.Errorf("it is not a database of this registry (schema %d, expected %d)", version, schemaVersion)
	}
}

// load reads every record.
func (s *store) load() ([]record, error) {
	rows, err := s.conn.QueryContext(context.Background(), `SELECT registration, registered_at, last_seen FROM agents`)
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	defer rows.Close()
	var records []record
	for rows.Next() {
		var registration []byte
		var registeredAt, lastSeen int64
		if err := rows.Scan(&registration, &registeredAt, &lastSeen); err != nil {
			return nil, fmt.Errorf("read agents: %w", err)
		}
		r := record{
			registration: &Registration{},
			registeredAt: time.UnixMilli(registeredAt),
			lastSeen:     time.UnixMilli(lastSeen),
		}
		if err := json.Unmarshal(registration, r.registration); err != nil {
			return nil, fmt.Errorf("read agents: %w", err)
		}
		records = append(records, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	return records, nil
}

// save stores all changes, or none: when it returns nil, they are on disk.
func (s *store) save(changes map[string]change) error {
	err := s.exec("BEGIN IMMEDIATE")
	for id, c := range changes {
		if err == nil {
			err = s.saveOne(id, c)
		}
	}
	if err == nil {
		err = s.exec("COMMIT")
	}
	if err != nil {
		_ = s.exec("ROLLBACK") // fails when SQLite has rolled back by itself
		return fmt.Errorf("store %d changes: %w", len(changes), err)
	}
	return nil
}

func (s *store) saveOne(id string, c change) (err error) {
	switch c.kind {
	case registered:
		registration, encodeErr := json.Marshal(c.record.registration)
		if encodeErr != nil {
			return encodeErr
		}
		_, err = s.register.Exec(id, string(registration),
			c.record.registeredAt.UnixMilli(), c.record.lastSeen.UnixMilli())
	case seen:
		_, err = s.see.Exec(c.record.lastSeen.UnixMilli(), id)
	case removed:
		_, err = s.remove.Exec(id)
	}
	return err
}

func (s *store) exec(statements string) error {
	_, err := s.conn.ExecContext(context.Background(), statements)
	return err
}

// close gives the file back; SQLite folds the write-ahead log into it.
func (s *store) close() error {
	var err error
	for _, statement := range []*sql.Stmt{s.register, s.see, s.remove} {
		if statement != nil {
			err = errors.Join(err, statement.Close())
		}
	}
	if s.conn != nil {
		err = errors.Join(err, s.conn.Close())
	}
	return errors.Join(err, s.db.Close())
}
