"""The agents on disk."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from .schemas import Registration

# The layout of the Go registry, so that a mesh can move with its data.
_VERSION = 1
_SCHEMA = """
CREATE TABLE agents (
    id            TEXT PRIMARY KEY,
    registration  TEXT NOT NULL,    -- Registration as JSON
    registered_at INTEGER NOT NULL, -- milliseconds since 1970
    last_seen     INTEGER NOT NULL  -- milliseconds since 1970
) WITHOUT ROWID;
PRAGMA user_version = 1;
"""


class StoreError(Exception):
    """The database cannot be used; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the registry keeps about an agent; times in milliseconds since 1970."""

    registration: Registration
    registered_at: int
    last_seen: int


class AgentStore:
    """The records in one SQLite file. What a method wrote is on disk when it returns.

    Its connection may move between threads, but only one may use it at a time.
    """

    def __init__(self, path: str) -> None:
        """Open the file, and create it when there is none. Raises StoreError."""
        try:
            self._database = _open(path)
        except sqlite3.Error as error:
            raise StoreError(f"cannot open database {path}: {error}") from error

    def get(self, agent_id: str) -> Record | None:
        """The agent's record."""
        row = self._database.execute(
            "SELECT registration, registered_at, last_seen FROM agents WHERE id = ?", (agent_id,)
        ).fetchone()
        return None if row is None else _record(*row)

    def all(self) -> list[Record]:
        """All records, sorted by id."""
        rows = self._database.execute(
            "SELECT registration, registered_at, last_seen FROM agents ORDER BY id"
        )
        return [_record(*row) for row in rows]

    def put(self, record: Record) -> None:
        """Write the record, in place of an earlier one of the same id."""
        self._database.execute(
            "INSERT OR REPLACE INTO agents VALUES (?, ?, ?, ?)",
            (
                record.registration.id,
                record.registration.model_dump_json(),
                record.registered_at,
                record.last_seen,
            ),
        )

    def touch(self, agent_id: str, last_seen: int) -> None:
        """Note a sign of life, in milliseconds since 1970."""
        self._database.execute(
            "UPDATE agents SET last_seen = ? WHERE id = ?", (last_seen, agent_id)
        )

    def remove(self, agent_id: str) -> None:
        """Delete the record, if there is one."""
        self._database.execute("DELETE FROM agents WHERE id = ?", (agent_id,))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _open(path: str) -> sqlite3.Connection:
    # In autocommit mode each statement is a transaction.
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        elif version != _VERSION:
            raise sqlite3.DatabaseError(f"its layout is {version}, not {_VERSION}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _record(registration: str, registered_at: int, last_seen: int) -> Record:
    return Record(Registration.model_validate_json(registration), registered_at, last_seen)
