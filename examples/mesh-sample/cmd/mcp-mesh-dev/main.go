// Command mcp-mesh-dev is the developer's tool: it runs a registry and agents on
// one machine and shows what a registry knows.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"example.com/mcp-mesh/internal/cli"
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

	err := cli.Command(ctx, registry.Program{
		Build:  registry.Build{Version: version, Commit: commit},
		Env:    os.Getenv,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
	}, os.Args[1:])
	os.Exit(registry.Exit(os.Stderr, cli.Name, err))
}
