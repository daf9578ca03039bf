package registry

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// run runs the command with a context that has already ended: whatever starts,
// ends at once.
func run(t *testing.T, args string, env map[string]string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errOut strings.Builder
	err := Command(ctx, Program{
		Build:  Build{Version: "1.2.3", Commit: "abc"},
		Env:    func(name string) string { return env[name] },
		Stdout: &out,
		Stderr: &errOut,
	}, strings.Fields(args))
	code = Exit(&errOut, Service, err)
	return code, out.String(), errOut.String()
}

func TestHelpAndVersionGoToStdout(t *testing.T) {
	badEnv := map[string]string{"PORT": "bad"}
	code, stdout, stderr := run(t, "--version", badEnv)
	if code != 0 || stdout != "mcp-mesh-registry 1.2.3 (commit abc)\n" || stderr != "" {
		t.Errorf("--version: %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, "--help", badEnv)
	if code != 0 || stderr != "" {
		t.Errorf("--help: %d, %q", code, stderr)
	}
	for _, row := range settingsTable {
		if !strings.Contains(stdout, "--"+row.flag+" ") {
			t.Errorf("--help does not name --%s:\n%s", row.flag, stdout)
		}
	}
}

func TestTheCommandRunsUntilItIsToldToEnd(t *testing.T) {
	t.Chdir(t.TempDir()) // whose path may hold a space, which separates arguments here
	code, stdout, stderr := run(t, "--port 0 --db registry.db", nil)
	if code != 0 || stdout != "" || !strings.HasPrefix(stderr, "registry listening on http://127.0.0.1:") {
		t.Errorf("%d, %q, %q", code, stdout, stderr)
	}
	storedRecords(t, "registry.db") // it made a database and let go of it
}

func TestAMistakeIsOneLineAndAnExitCode(t *testing.T) {
	t.Chdir(t.TempDir())
	missing := filepath.Join("missing", "registry.db")
	tests := []struct {
		args string
		env  map[string]string
		code int
		want string
	}{
		{"--port x", nil, 2, "port"},
		{"", map[string]string{"PORT": "x"}, 2, "PORT"},
		{"serve", nil, 2, `"serve"`},
		{"--port 0 --host 192.0.2.1", nil, 1, "192.0.2.1"},
		{"--port 0 --db " + missing, nil, 1, missing},
	}
	for _, test := range tests {
		code, stdout, stderr := run(t, test.args, test.env)
		if code != test.code || stdout != "" || strings.Count(stderr, "\n") != 1 ||
			!strings.HasPrefix(stderr, "mcp-mesh-registry: ") || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: %d, %q, %q; want %d and %q", test.args, code, stdout, stderr, test.code, test.want)
		}
	}
}

func TestAnErrorOfSeveralIsStillOneLine(t *testing.T) {
	var stderr strings.Builder
	Exit(&stderr, "x", errors.Join(errors.New("a"), errors.New("b")))
	if stderr.String() != "x: a; b\n" {
		t.Errorf("%q", stderr.String())
	}
}
