package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"example.com/mcp-mesh/internal/registry"
)

const (
	defaultURL     = "http://127.0.0.1:8080"
	requestTimeout = 10 * time.Second
	maxAnswerBytes = 64 << 20
)

// registryURL parses the arguments of a command that asks a registry. done tells
// that the usage was printed and nothing is left to do.
func registryURL(program registry.Program, name, text string, args []string) (url string, done bool, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&url, "url", "", "`address` of the registry (default MCP_MESH_REGISTRY_URL, or "+defaultURL+")")
	rest, err := registry.ParseFlags(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		registry.PrintUsage(program.Stdout, text, flags)
		return "", true, nil
	case err != nil:
		return "", false, err
	case len(rest) > 0:
		return "", false, &registry.UsageError{Message: fmt.Sprintf("unexpected argument %q", rest[0])}
	}
	for _, candidate := range []string{url, program.Env("MCP_MESH_REGISTRY_URL"), defaultURL} {
		if candidate != "" {
			return strings.TrimRight(candidate, "/"), false, nil
		}
	}
	panic("unreachable: the default is not empty")
}

// get decodes the registry's answer into answer.
func get(ctx context.Context, url, path string, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
	if err != nil {
		return &registry.UsageError{Message: err.Error()}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no registry answers: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url+path, response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswerBytes)).Decode(answer); err != nil {
		return fmt.Errorf("%s answered something else than a registry would: %w", url+path, err)
	}
	return nil
}
