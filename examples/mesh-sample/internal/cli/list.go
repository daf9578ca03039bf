package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"example.com/mcp-mesh/internal/registry"
)

const listUsage = `Usage: mcp-mesh-dev list [flags]

Lists the agents that the registry knows.

Flags:
`

// list is "mcp-mesh-dev list".
func list(ctx context.Context, program registry.Program, args []string) error {
	url, done, err := registryURL(program, "list", listUsage, args)
	if done || err != nil {
		return err
	}
	var answer struct {
		Agents []registry.Agent `json:"agents"`
	}
	if err := get(ctx, url, "/agents", &answer); err != nil {
		return err
	}
	table := tabwriter.NewWriter(program.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tSTATUS\tVERSION\tLAST SEEN\tCAPABILITIES")
	for _, agent := range answer.Agents {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n",
			agent.ID, agent.Status, agent.Version, agent.LastSeen, strings.Join(agent.Capabilities, ", "))
	}
	return table.Flush()
}
