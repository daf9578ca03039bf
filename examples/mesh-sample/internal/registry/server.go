package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Bounds for one client, so that a slow one cannot hold a connection for ever.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 15 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 16 << 10

	// Container runtimes kill ten seconds after SIGTERM; half of it is for requests
	// under way.
	shutdownTimeout = 5 * time.Second
)

// Server is a registry that listens.
type Server struct {
	// URL is where it listens, as http://127.0.0.1:8080. It names the host of the
	// settings and the port that was really taken.
	URL string

	localURL string
	registry *Registry
	http     *http.Server
	failed   chan error // receives once, when the server stops serving
}

// Start opens the database and listens. It takes the port first, so that a second
// registry started by mistake leaves the database alone.
func Start(settings Settings, clock Clock, build Build) (*Server, error) {
	listener, err := net.Listen("tcp", settings.address())
	if err != nil {
		return nil, fmt.Errorf("cannot %w", err) // "cannot listen tcp 127.0.0.1:8080: …"
	}
	registry, err := Open(settings.Database, settings.Lifetimes, clock, build)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{
		registry: registry,
		http: &http.Server{
			Handler:           NewHandler(registry),
			ReadHeaderTimeout: readHeaderTimeout,
			ReadTimeout:       readTimeout,
			WriteTimeout:      writeTimeout,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeaderBytes,
		},
		failed: make(chan error, 1),
	}
	s.setURLs(settings, listener.Addr().(*net.TCPAddr))
	go func() { s.failed <- s.http.Serve(listener) }()
	return s, nil
}

func (s *Server) setURLs(settings Settings, address *net.TCPAddr) {
	settings.Port = address.Port
	s.URL = "http://" + settings.address()
	if address.IP.IsUnspecified() {
		settings.Host = "127.0.0.1"
	}
	s.localURL = "http://" + settings.address()
}

// LocalURL is where programs on this machine reach it: a registry that listens on
// all addresses is not reached under the one that stands for all.
func (s *Server) LocalURL() string {
	return s.localURL
}

// Wait returns nil when ctx ends, or the reason why the server stopped by itself.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return fmt.Errorf("serve %s: %w", s.URL, err)
	}
}

// Close finishes the requests under way, for some seconds at most, and closes the
// database.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close() // whoever is still sending has had their time
	}
	return errors.Join(err, s.registry.Close())
}

// Run starts a registry, says on log where it listens, and serves until ctx ends.
func Run(ctx context.Context, settings Settings, build Build, log io.Writer) (err error) {
	server, err := Start(settings, time.Now, build)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	server.Announce(log)
	return server.Wait(ctx)
}

// Announce prints the one line that programs which start a registry wait for.
func (s *Server) Announce(log io.Writer) {
	fmt.Fprintf(log, "registry listening on %s\n", s.URL)
}
