package registry

import (
	"errors"
	"io"
	"net/http"
)

func (a *api) getHealth(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, a.registry.Health())
}

func (a *api) register(w http.ResponseWriter, r *http.Request) error {
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	registration, err := decodeRegistration(body)
	if err != nil {
		return err
	}
	agent, created, err := a.registry.Register(registration)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return writeJSON(w, status, agent)
}

func (a *api) heartbeat(w http.ResponseWriter, r *http.Request) error {
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	id, err := decodeHeartbeat(body)
	if err != nil {
		return err
	}
	agent, exists, err := a.registry.Heartbeat(id)
	if err != nil {
		return err
	}
	if !exists {
		return unknownAgent(id)
	}
	return writeJSON(w, http.StatusOK, struct {
		ID       string    `json:"id"`
		Status   Status    `json:"status"`
		LastSeen timestamp `json:"last_seen"`
	}{agent.ID, agent.Status, agent.LastSeen})
}

func (a *api) listAgents(w http.ResponseWriter, r *http.Request) error {
	if r.URL.RawQuery == "" {
		body, err := a.registry.EncodedAgents()
		if err != nil {
			return err
		}
		writeEncoded(w, http.StatusOK, body)
		return nil
	}
	filter, err := parseFilter(r.URL.RawQuery)
	if err != nil {
		return err
	}
	agents := a.registry.Agents(filter)
	return writeJSON(w, http.StatusOK, agentList{agents, len(agents)})
}

func (a *api) getAgent(w http.ResponseWriter, r *http.Request) error {
	id := agentID(r)
	agent, exists := a.registry.Agent(id)
	if !exists {
		return unknownAgent(id)
	}
	return writeJSON(w, http.StatusOK, agent)
}

func (a *api) deleteAgent(w http.ResponseWriter, r *http.Request) error {
	id := agentID(r)
	existed, err := a.registry.Remove(id)
	if err != nil {
		return err
	}
	if !existed {
		return unknownAgent(id)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *api) listCapabilities(w http.ResponseWriter, _ *http.Request) error {
	capabilities := a.registry.Capabilities()
	return writeJSON(w, http.StatusOK, struct {
		Capabilities []Capability `json:"capabilities"`
		Count        int          `json:"count"`
	}{capabilities, len(capabilities)})
}

// readBody reads the body up to the limit. The error is a *Problem; a client that
// breaks off in the middle has sent no JSON either.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, payloadTooLarge()
	}
	if err != nil {
		return nil, malformedJSON()
	}
	return body, nil
}
