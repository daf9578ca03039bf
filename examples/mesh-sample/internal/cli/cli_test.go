package cli

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/mcp-mesh/internal/registry"
)

// run runs a command to its end and gives its exit code and what it printed.
func run(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut strings.Builder
	err := Command(context.Background(), registry.Program{
		Build:  registry.Build{Version: "1.2.3", Commit: "abc"},
		Env:    func(name string) string { return env[name] },
		Stdout: &out,
		Stderr: &errOut,
	}, args)
	code = registry.Exit(&errOut, Name, err)
	return code, out.String(), errOut.String()
}

// startRegistry serves a registry with one agent, and gives its URL.
func startRegistry(t *testing.T) string {
	t.Helper()
	settings := registry.DefaultSettings()
	settings.Port = 0
	settings.Database = filepath.Join(t.TempDir(), "registry.db")
	clock := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	server, err := registry.Start(settings, clock, registry.Build{Version: "1.0.0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	body := `{"name": "hello", "version": "1.1", "capabilities": ["greeting", "farewell"]}`
	response, err := http.Post(server.URL+"/agents/register", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return server.URL
}

func TestListPrintsTheAgents(t *testing.T) {
	url := startRegistry(t)
	const want = "" +
		"ID     STATUS   VERSION  LAST SEEN                 CAPABILITIES\n" +
		"hello  healthy  1.1      2026-03-01T12:00:00.000Z  greeting, farewell\n"
	if code, stdout, stderr := run(t, nil, "list", "--url", url); code != 0 || stdout != want {
		t.Errorf("%d, %s\n%s", code, stderr, stdout)
	}
}

func TestStatusPrintsOneLine(t *testing.T) {
	url := startRegistry(t)
	want := "mcp-mesh-registry 1.0.0 at " + url + ": ok, agents: 1, up 0s\n"
	if code, stdout, stderr := run(t, nil, "status", "--url", url+"/"); code != 0 || stdout != want {
		t.Errorf("%d, %s\n%s", code, stderr, stdout)
	}
}

func TestTheURLComesFromTheFlagThenTheVariable(t *testing.T) {
	url := startRegistry(t)
	env := map[string]string{"MCP_MESH_REGISTRY_URL": url}
	if code, _, stderr := run(t, env, "status"); code != 0 {
		t.Errorf("variable: %d, %s", code, stderr)
	}
	if code, _, stderr := run(t, env, "status", "--url", "http://127.0.0.1:1"); code != 1 || !strings.Contains(stderr, "127.0.0.1:1") {
		t.Errorf("flag: %d, %s", code, stderr)
	}
}

func TestAnAnswerThatIsNoRegistrysIsAnError(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/health" {
			w.Write([]byte("fine"))
			return
		}
		http.NotFound(w, r)
	}))
	defer other.Close()
	for command, want := range map[string]string{"status": "something else", "list": "404"} {
		code, stdout, stderr := run(t, nil, command, "--url", other.URL)
		if code != 1 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: %d, %q, %q; want an error with %q", command, code, stdout, stderr, want)
		}
	}
}

func TestHelpAndVersionGoToStdout(t *testing.T) {
	for args, want := range map[string]string{
		"--help":                       "Commands:",
		"--version":                    "mcp-mesh-dev 1.2.3 (commit abc)\n",
		"start --help":                 "--registry-only",
		"start --registry-only --help": "--port",
		"list --help":                  "--url",
		"status -h":                    "--url",
	} {
		code, stdout, stderr := run(t, nil, strings.Fields(args)...)
		if code != 0 || stderr != "" || !strings.Contains(stdout, want) {
			t.Errorf("%s: %d, %q, %q; want %q", args, code, stdout, stderr, want)
		}
	}
}

func TestWrongUsageIsOneLineAndExitCode2(t *testing.T) {
	for args, want := range map[string]string{
		"":                           "name a command",
		"stop":                       `"stop"`,
		"start":                      "--registry-only",
		"start --registry-only a.py": `"a.py"`,
		"start --port x a.py":        "port",
		"start --registry-only --degraded-after soon": "degraded-after",
		"list extra":                  `"extra"`,
		"list --bogus":                "bogus",
		"status --url http://[broken": "broken",
	} {
		code, stdout, stderr := run(t, nil, strings.Fields(args)...)
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%q: %d, %q, %q; want 2 and %q", args, code, stdout, stderr, want)
		}
	}
}
