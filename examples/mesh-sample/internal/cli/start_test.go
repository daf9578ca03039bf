package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"example.com/mcp-mesh/internal/registry"
)

// TestMain lets the test binary stand in for python3: the tests need an agent, not
// Python.
func TestMain(m *testing.M) {
	if strings.HasPrefix(filepath.Base(os.Args[0]), python) {
		os.Exit(fakeAgent(os.Args[1]))
	}
	os.Exit(m.Run())
}

// fakeAgent registers under its script's name and signs off on SIGTERM, unless it
// is to fail.
func fakeAgent(script string) int {
	if script == "fails.py" {
		return 3
	}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	url := os.Getenv("MCP_MESH_REGISTRY_URL") + "/agents/"
	if _, err := http.Post(url+"register", "application/json", strings.NewReader(`{"name": "`+script+`"}`)); err != nil {
		return 1
	}
	fmt.Printf("%s registered, PORT=%s\n", script, os.Getenv("PORT"))
	<-terminated
	request, _ := http.NewRequest(http.MethodDelete, url+script, nil)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 1
	}
	fmt.Printf("%s signed off: %d\n", script, response.StatusCode)
	return 0
}

// started is a running "mcp-mesh-dev start".
type started struct {
	lines *bufio.Scanner // of stdout and stderr
	stop  context.CancelFunc
	ended chan error
}

func startCommand(t *testing.T, args ...string) started {
	t.Helper()
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(folder, python)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	t.Setenv("PORT", "8080")

	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	output, printed := io.Pipe()
	s := started{bufio.NewScanner(output), stop, make(chan error, 1)}
	args = append([]string{"start", "--port", "0", "--db", filepath.Join(folder, "registry.db")}, args...)
	go func() {
		noSettings := func(string) string { return "" }
		err := Command(ctx, registry.Program{Env: noSettings, Stdout: printed, Stderr: printed}, args)
		printed.Close()
		s.ended <- err
	}()
	return s
}

// next waits for lines with the given texts, in any order, and gives the last.
func (s started) next(t *testing.T, texts ...string) string {
	t.Helper()
	for range texts {
		if !s.lines.Scan() {
			t.Fatalf("it ended before it printed one of %q: %v", texts, <-s.ended)
		}
		found := false
		for _, text := range texts {
			found = found || strings.Contains(s.lines.Text(), text)
		}
		if !found {
			t.Fatalf("it printed %q, want one of %q", s.lines.Text(), texts)
		}
	}
	return s.lines.Text()
}

func (s started) end(t *testing.T, texts ...string) {
	t.Helper()
	s.stop()
	s.next(t, texts...)
	if s.lines.Scan() {
		t.Errorf("it printed %q besides", s.lines.Text())
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}

func TestTheEmbeddedRegistryServesUntilItIsToldToEnd(t *testing.T) {
	s := startCommand(t, "--registry-only")
	url := strings.TrimPrefix(s.next(t, "registry listening on "), "registry listening on ")
	if code, stdout, stderr := run(t, nil, "status", "--url", url); code != 0 || !strings.Contains(stdout, ": ok, agents: 0") {
		t.Errorf("%d, %q, %q", code, stdout, stderr)
	}
	s.end(t)
}

func TestAgentsEndBeforeTheirRegistry(t *testing.T) {
	skipWithoutSIGTERM(t)
	s := startCommand(t, "a.py", "b.py")
	s.next(t, "registry listening on ")
	s.next(t, "a.py registered, PORT=0", "b.py registered, PORT=0")
	s.end(t, "a.py signed off: 204", "b.py signed off: 204")
}

func TestAnAgentThatFailsIsReportedAndTheOthersStay(t *testing.T) {
	skipWithoutSIGTERM(t)
	s := startCommand(t, "fails.py", "a.py")
	s.next(t, "registry listening on ")
	s.next(t, "agent fails.py ended: exit status 3", "a.py registered")
	s.end(t, "a.py signed off: 204")
}

func TestAnInterpreterThatIsMissingIsAnError(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	database := filepath.Join(t.TempDir(), "registry.db")
	code, _, stderr := run(t, nil, "start", "--port", "0", "--db", database, "a.py")
	if code != 1 || !strings.Contains(stderr, "start agent a.py") {
		t.Errorf("%d, %q", code, stderr)
	}
}

func skipWithoutSIGTERM(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM: agents are killed there")
	}
}
