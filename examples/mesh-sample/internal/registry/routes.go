package registry

import (
	"encoding/json"
	"errors"
	"log"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// endpoint answers one method of one path. It writes a whole answer, or it returns
// an error and writes nothing.
type endpoint func(http.ResponseWriter, *http.Request) error

// resource holds the endpoints of one path by method.
type resource map[string]endpoint

// api is the registry over HTTP.
type api struct {
	registry *Registry
	fixed    map[string]resource
	agent    resource // of /agents/{id}
}

// NewHandler serves the registry's routes.
//
// It does not use http.ServeMux, which would answer HEAD for GET, redirect paths
// that are not clean, and tell errors as plain text: the contract has none of it.
func NewHandler(r *Registry) http.Handler {
	a := &api{registry: r}
	a.agent = resource{http.MethodGet: a.getAgent, http.MethodDelete: a.deleteAgent}
	a.fixed = map[string]resource{
		"/health":       {http.MethodGet: a.getHealth},
		"/agents":       {http.MethodGet: a.listAgents},
		"/heartbeat":    {http.MethodPost: a.heartbeat},
		"/capabilities": {http.MethodGet: a.listCapabilities},
		"/openapi.json": {http.MethodGet: a.getOpenAPI},
		// "register" is a valid id as well, and that agent can be read and deleted.
		"/agents/register": {
			http.MethodPost: a.register, http.MethodGet: a.getAgent, http.MethodDelete: a.deleteAgent,
		},
	}
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := a.serve(w, r); err != nil {
		writeError(w, r, err)
	}
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) error {
	target, known := a.fixed[r.URL.Path]
	if !known {
		if agentID(r) == "" {
			return unknownRoute(r.URL.Path)
		}
		target = a.agent
	}
	serve, allowed := target[r.Method]
	if !allowed {
		w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(target)), ", "))
		return methodNotAllowed(r.Method)
	}
	return serve(w, r)
}

// agentID is the {id} of /agents/{id}; empty for every other path.
func agentID(r *http.Request) string {
	id, found := strings.CutPrefix(r.URL.Path, "/agents/")
	if !found || strings.Contains(id, "/") {
		return ""
	}
	return id
}

// writeJSON encodes first, so that an answer is either whole or an error.
func writeJSON(w http.ResponseWriter, status int, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	writeEncoded(w, status, encoded)
	return nil
}

func writeEncoded(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails when the client has gone: there is nobody to tell
}

// writeError tells the client what it did wrong. What went wrong here is for the
// log: the client can do nothing about it.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	var problem *Problem
	if !errors.As(err, &problem) {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
		problem = internalError()
	}
	if err := writeJSON(w, problem.HTTPStatus, map[string]*Problem{"error": problem}); err != nil {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
	}
}
