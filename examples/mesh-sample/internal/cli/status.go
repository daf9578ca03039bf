package cli

import (
	"context"
	"fmt"
	"time"

	"example.com/mcp-mesh/internal/registry"
)

const statusUsage = `Usage: mcp-mesh-dev status [flags]

Shows whether the registry answers, and how it is. The exit code is 1 when it does
not.

Flags:
`

// status is "mcp-mesh-dev status".
func status(ctx context.Context, program registry.Program, args []string) error {
	url, done, err := registryURL(program, "status", statusUsage, args)
	if done || err != nil {
		return err
	}
	var health registry.Health
	if err := get(ctx, url, "/health", &health); err != nil {
		return err
	}
	uptime := time.Duration(health.UptimeSeconds * float64(time.Second)).Truncate(time.Second)
	_, err = fmt.Fprintf(program.Stdout, "%s %s at %s: %s, agents: %d, up %s\n",
		health.Service, health.Version, url, health.Status, health.Agents, uptime)
	return err
}
