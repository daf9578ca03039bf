package registry

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Program is what a command gets of the process that it runs in.
type Program struct {
	Build  Build
	Env    func(string) string // as os.Getenv
	Stdout io.Writer
	Stderr io.Writer
}

const commandUsage = `Usage: mcp-mesh-registry [flags]

Runs the mesh's registry until SIGTERM or SIGINT.

Flags:
`

// Command is mcp-mesh-registry: it runs with the arguments until ctx ends. The
// error, if any, is not printed yet; Exit does that.
func Command(ctx context.Context, program Program, args []string) error {
	flags := flag.NewFlagSet(Service, flag.ContinueOnError)
	showVersion := flags.Bool("version", false, "print the version and exit")
	settings, rest, err := ParseSettings(flags, args, program.Env)
	switch {
	case errors.Is(err, flag.ErrHelp):
		PrintUsage(program.Stdout, commandUsage, flags)
		return nil
	case *showVersion:
		fmt.Fprintln(program.Stdout, program.Build.Line(Service))
		return nil
	case err != nil:
		return err
	case len(rest) > 0:
		return &UsageError{fmt.Sprintf("unexpected argument %q", rest[0])}
	}
	return Run(ctx, settings, program.Build, program.Stderr)
}

// PrintUsage prints the text and then the flags, spelled with two dashes as the
// documentation has them.
func PrintUsage(out io.Writer, text string, flags *flag.FlagSet) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, text)
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(table, "  --%s %s\t%s\n", f.Name, value, usage)
	})
	_ = table.Flush() // fails when nobody reads the usage any more
}

// Exit prints the error in one line, if there is one, and gives the exit code: 2
// for wrong usage, 1 for every other error.
func Exit(stderr io.Writer, name string, err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", "; "))
	var usage *UsageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}
