package registry

import "fmt"

// Service is the registry's name in GET /health, whichever program runs it.
const Service = "mcp-mesh-registry"

// Build says which source a binary was made from. The two main packages fill it
// with what the linker stamped into them.
type Build struct {
	Version string // a release such as 1.2.3, or "dev"
	Commit  string // the source's commit, or "unknown"
}

// Line is what --version prints for the given program.
func (b Build) Line(program string) string {
	return fmt.Sprintf("%s %s (commit %s)", program, b.Version, b.Commit)
}
