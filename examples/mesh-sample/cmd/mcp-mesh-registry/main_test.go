package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets the test binary be the program itself, so that the tests see real
// signals and exit codes.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program runs main with the given arguments.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = []string{"RUN_MAIN=1"} // no settings of the machine that runs the tests
	command.Dir = t.TempDir()
	return command
}

func TestSIGTERMAndSIGINTEndItWithExitCode0(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM")
	}
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		command := program(t, "--port", "0")
		stderr, err := command.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stderr)
		lines.Scan()
		url, found := strings.CutPrefix(lines.Text(), "registry listening on ")
		if !found {
			t.Errorf("first line %q", lines.Text())
		}
		if response, err := http.Get(url + "/health"); err != nil {
			t.Error(err)
		} else {
			response.Body.Close()
		}
		if err := command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			t.Errorf("it also printed %q", lines.Text())
		}
		if err := command.Wait(); err != nil {
			t.Errorf("%s: %v", signal, err)
		}
		if left, _ := filepath.Glob(filepath.Join(command.Dir, "*")); len(left) != 1 {
			t.Errorf("%s: it left %v, want the database alone", signal, left)
		}
	}
}

func TestExitCodes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	for _, test := range []struct {
		args string
		want int
	}{
		{"--help", 0},
		{"--version", 0},
		{"--port " + port, 1},
		{"--port bad", 2},
	} {
		command := program(t, strings.Fields(test.args)...)
		output, err := command.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if got := command.ProcessState.ExitCode(); got != test.want {
			t.Errorf("%s: exit code %d, want %d: %s", test.args, got, test.want, output)
		}
		if test.want == 1 && !strings.Contains(string(output), port) {
			t.Errorf("%s: %q does not name the port", test.args, output)
		}
	}
}
