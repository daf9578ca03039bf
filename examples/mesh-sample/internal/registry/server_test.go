package registry

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// localSettings are of a registry on a free port.
func localSettings(t testing.TB) Settings {
	settings := DefaultSettings()
	settings.Port = 0
	settings.Database = filepath.Join(t.TempDir(), "registry.db")
	return settings
}

func startServer(t testing.TB, settings Settings) *Server {
	t.Helper()
	server, err := Start(settings, time.Now, Build{Version: "1.0.0"})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestAServerSaysWhereItListensAndAnswersThere(t *testing.T) {
	server := startServer(t, localSettings(t))
	defer server.Close()
	var log strings.Builder
	server.Announce(&log)
	url, found := strings.CutPrefix(log.String(), "registry listening on ")
	if !found || !strings.HasSuffix(url, "\n") {
		t.Fatalf("announced %q", log.String())
	}
	response, err := http.Get(strings.TrimSpace(url) + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("health: %s", response.Status)
	}
}

func TestARequestUnderWayIsFinishedBeforeTheServerCloses(t *testing.T) {
	settings := localSettings(t)
	server := startServer(t, settings)
	connection, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	body := `{"name": "late"}`
	fmt.Fprintf(connection, "POST /agents/register HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
	answers := bufio.NewReader(connection)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v: the request is not under way", line, err)
	}
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}

	closed := make(chan error, 1)
	go func() { closed <- server.Close() }()
	if err := server.Wait(context.Background()); err == nil { // the listener is closed now
		t.Error("Wait tells no reason")
	}
	if _, err := io.WriteString(connection, body); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Errorf("status %s, want 201", response.Status)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if records := storedRecords(t, settings.Database); len(records) != 1 {
		t.Errorf("%d agents on disk, want 1", len(records))
	}
}

func TestAPortInUseIsNamedAndTheDatabaseLeftAlone(t *testing.T) {
	first := startServer(t, localSettings(t))
	defer first.Close()
	settings := localSettings(t)
	if _, err := fmt.Sscanf(first.URL, "http://127.0.0.1:%d", &settings.Port); err != nil {
		t.Fatal(err)
	}
	_, err := Start(settings, time.Now, Build{})
	if err == nil || !strings.Contains(err.Error(), settings.address()) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want a line with %s", err, settings.address())
	}
	if matches, _ := filepath.Glob(settings.Database + "*"); len(matches) > 0 {
		t.Errorf("it made %v", matches)
	}
}

func TestAServerOnAllAddressesHasALocalURL(t *testing.T) {
	s := &Server{}
	s.setURLs(Settings{Host: "::", Port: 1}, &net.TCPAddr{IP: net.IPv6unspecified, Port: 7})
	if s.URL != "http://[::]:7" || s.LocalURL() != "http://127.0.0.1:7" {
		t.Errorf("%s, %s", s.URL, s.LocalURL())
	}
}

func TestAClosedServerLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		server := startServer(t, localSettings(t))
		transport := &http.Transport{}
		response, err := (&http.Client{Transport: transport}).Get(server.URL + "/agents")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Goroutines that were told to end need a turn to do so.
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}
