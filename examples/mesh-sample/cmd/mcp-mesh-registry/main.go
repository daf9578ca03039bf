// Command mcp-mesh-registry runs the mesh's registry on its own, as in production.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"example.com/mcp-mesh/internal/registry"
)

// Stamped by the linker: -ldflags "-X main.version=1.2.3 -X main.commit=abc".
var (
	version = "dev"
	commit  = "unknown"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	err := registry.Command(ctx, registry.Program{
		Build:  registry.Build{Version: version, Commit: commit},
		Env:    os.Getenv,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
	}, os.Args[1:])
	os.Exit(registry.Exit(os.Stderr, registry.Service, err))
}
