// Package registry is the mesh's registry: agents register, send heartbeats and
// find each other through it. The same package runs on its own
// (mcp-mesh-registry) and inside the developer's tool (mcp-mesh-dev start).
//
// A request takes one of two ways through the package:
//
//   - Reads (reads.go) are answered from memory (directory.go); the whole list
//     is kept encoded as well (listing.go).
//   - Writes (writes.go) queue up behind one goroutine (committer.go), which puts
//     all that wait into one SQLite transaction (store.go). A write is answered
//     once that transaction is on disk, and is visible to reads from then on.
//
// Whether an agent is healthy is never stored: it follows from the time of its
// last sign of life whenever somebody asks (lifetime.go).
//
// What the routes promise is written down in docs/registry-api.md.
package registry
