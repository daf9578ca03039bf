package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"example.com/mcp-mesh/internal/registry"
)

const (
	python = "python3"

	// agentEndTimeout is how long an agent may take to end before it is killed.
	agentEndTimeout = 3 * time.Second
)

// startAgent runs a Python script as an agent of the registry at url. It is asked
// to end when ctx does; the channel closes once it is gone.
func startAgent(ctx context.Context, program registry.Program, script, url string) (<-chan struct{}, error) {
	agent := exec.CommandContext(ctx, python, script)
	// PORT may be the registry's; an agent takes a free one.
	agent.Env = append(os.Environ(), "MCP_MESH_REGISTRY_URL="+url, "PORT=0")
	agent.Stdout, agent.Stderr = program.Stdout, program.Stderr
	agent.Cancel = func() error { return agent.Process.Signal(syscall.SIGTERM) }
	agent.WaitDelay = agentEndTimeout
	if err := agent.Start(); err != nil {
		return nil, fmt.Errorf("start agent %s: %w", script, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := agent.Wait()
		if ctx.Err() == nil { // it was not asked to
			fmt.Fprintf(program.Stderr, "agent %s ended: %v\n", script, describeEnd(err))
		}
	}()
	return ended, nil
}

func describeEnd(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
