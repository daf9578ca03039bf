package registry

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// clients is how many of them call at once, as in the load test of the mesh.
const clients = 50

// BenchmarkList reads the list of 50 agents over HTTP.
func BenchmarkList(b *testing.B) {
	measure(b, func(int) (string, string, string) { return http.MethodGet, "/agents", "" })
}

// BenchmarkHeartbeat includes the wait until the heartbeat is on disk.
func BenchmarkHeartbeat(b *testing.B) {
	measure(b, func(client int) (string, string, string) {
		return http.MethodPost, "/heartbeat", fmt.Sprintf(`{"id": "agent-%d"}`, client)
	})
}

// BenchmarkRegister replaces known agents, and includes the wait until they are on
// disk.
func BenchmarkRegister(b *testing.B) {
	measure(b, func(client int) (string, string, string) {
		return http.MethodPost, "/agents/register", agentBody(client)
	})
}

func agentBody(client int) string {
	return fmt.Sprintf(`{"name": "agent-%d", "capabilities": ["greeting"], "tags": ["load"]}`, client)
}

// measure sends b.N requests from 50 connections to a registry with 50 agents.
func measure(b *testing.B, request func(client int) (method, path, body string)) {
	server := startServer(b, localSettings(b))
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	send := func(method, path, body string) error {
		r, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		if err != nil {
			return err
		}
		response, err := transport.RoundTrip(r)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode >= 300 {
			return fmt.Errorf("%s %s: %s", method, path, response.Status)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	for client := range clients {
		if err := send(http.MethodPost, "/agents/register", agentBody(client)); err != nil {
			b.Fatal(err)
		}
	}

	b.ReportAllocs()
	b.ResetTimer()
	failures := make(chan error, clients)
	for client := range clients {
		go func() {
			for i := client; i < b.N; i += clients {
				if err := send(request(client)); err != nil {
					failures <- err
					return
				}
			}
			failures <- nil
		}()
	}
	for range clients {
		if err := <-failures; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
