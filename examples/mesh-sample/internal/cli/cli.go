// Package cli holds the commands of mcp-mesh-dev. Each command is one file.
package cli

import (
	"context"
	"fmt"

	"example.com/mcp-mesh/internal/registry"
)

// Name is the program's name in its own messages.
const Name = "mcp-mesh-dev"

const usage = `Usage: mcp-mesh-dev <command> [flags]

Runs a registry and agents on this machine, and shows what a registry knows.

Commands:
  start   run a registry, and the agents given as arguments
  list    list the agents that a registry knows
  status  show whether a registry answers, and how it is

Flags:
  --help     print this, or the usage of a command
  --version  print the version
`

// Command runs the command that the first argument names, until it is done or ctx
// ends. The error, if any, is not printed yet.
func Command(ctx context.Context, program registry.Program, args []string) error {
	if len(args) == 0 {
		return &registry.UsageError{Message: "name a command: start, list or status (see --help)"}
	}
	switch name, rest := args[0], args[1:]; name {
	case "start":
		return start(ctx, program, rest)
	case "list":
		return list(ctx, program, rest)
	case "status":
		return status(ctx, program, rest)
	case "--help", "-help", "-h", "help":
		fmt.Fprint(program.Stdout, usage)
		return nil
	case "--version", "-version", "version":
		fmt.Fprintln(program.Stdout, program.Build.Line(Name))
		return nil
	default:
		return &registry.UsageError{Message: fmt.Sprintf("unknown command %q: use start, list or status", name)}
	}
}
