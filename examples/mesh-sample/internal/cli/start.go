package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"example.com/mcp-mesh/internal/registry"
)

const startUsage = `Usage: mcp-mesh-dev start [flags] <agent.py>...
       mcp-mesh-dev start [flags] --registry-only

Runs the registry in this process, and each agent with python3, until SIGTERM or
SIGINT.

Flags:
`

// start is "mcp-mesh-dev start". The registry is the very package that
// mcp-mesh-registry runs, with the same flags and variables.
func start(ctx context.Context, program registry.Program, args []string) error {
	flags := flag.NewFlagSet("start", flag.ContinueOnError)
	registryOnly := flags.Bool("registry-only", false, "run the registry without agents")
	settings, agents, err := registry.ParseSettings(flags, args, program.Env)
	switch {
	case errors.Is(err, flag.ErrHelp):
		registry.PrintUsage(program.Stdout, startUsage, flags)
		return nil
	case err != nil:
		return err
	case *registryOnly && len(agents) > 0:
		return &registry.UsageError{Message: fmt.Sprintf("unexpected argument %q with --registry-only", agents[0])}
	case *registryOnly:
		return registry.Run(ctx, settings, program.Build, program.Stderr)
	case len(agents) == 0:
		return &registry.UsageError{Message: "name the agents to start, or use --registry-only"}
	}
	return startWithAgents(ctx, program, settings, agents)
}

// startWithAgents ends the agents before the registry, so that they can still sign
// off. An agent that ends early does not end the others.
func startWithAgents(ctx context.Context, program registry.Program, settings registry.Settings, agents []string) (err error) {
	server, err := registry.Start(settings, time.Now, program.Build)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	server.Announce(program.Stderr)

	ctx, stopAgents := context.WithCancel(ctx)
	running := make([]<-chan struct{}, 0, len(agents))
	defer func() {
		stopAgents()
		for _, ended := range running {
			<-ended
		}
	}()
	for _, script := range agents {
		ended, err := startAgent(ctx, program, script, server.LocalURL())
		if err != nil {
			return err
		}
		running = append(running, ended)
	}
	return server.Wait(ctx)
}
