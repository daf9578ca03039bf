// A small registry that speaks the sample's API from a container, well or with the one fault that FAULT names.
// Its flags do what an image needs a program for where it has no shell: -help, -remove PATH,
// -fill PATH, which writes there until it cannot, -wait, which never ends.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

type registry struct {
	sync.Mutex
	file   string
	fault  string
	agents map[string]map[string]any
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "-remove" {
		check(os.RemoveAll(os.Args[2]))
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "-fill" {
		file, err := os.OpenFile(os.Args[2], os.O_WRONLY|os.O_CREATE, 0o644)
		check(err)
		for {
			_, err := file.Write(make([]byte, 1<<20))
			check(err)
		}
	}
	if len(os.Args) > 1 && os.Args[1] == "-wait" {
		time.Sleep(time.Hour)
	}
	if len(os.Args) > 1 {
		fmt.Println("Usage: registry")
		return
	}
	fault := os.Getenv("FAULT")
	host, port := or(os.Getenv("HOST"), "0.0.0.0"), or(os.Getenv("PORT"), "8080")
	file := or(os.Getenv("MCP_MESH_DB_PATH"), "/data/registry.db")
	switch fault {
	case "exits":
		log.Fatal("no licence found")
	case "never-listens":
		time.Sleep(time.Hour)
	case "writes-to-root":
		check(os.WriteFile("/registry.pid", []byte("1"), 0o644))
	case "loopback":
		host = "127.0.0.1"
	case "other-port":
		port = "9999"
	case "fixed-port":
		port = "8080"
	case "fixed-data":
		file = "/data/registry.db"
	case "logs-to-file":
		out, err := os.Create(filepath.Join(filepath.Dir(file), "registry.log"))
		check(err)
		log.SetOutput(out)
	case "needs-much-memory":
		fill(100 << 20)
	}
	r := &registry{file: file, fault: fault, agents: map[string]map[string]any{}}
	r.load()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	check(err)
	log.Printf("listening on %s", listener.Addr())
	go func() { check(http.Serve(listener, r)) }()
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	for {
		<-terminated
		switch fault {
		case "ignores-sigterm":
			log.Print("stays")
		case "ends-with-3":
			os.Exit(3)
		default:
			log.Print("ends")
			return
		}
	}
}

func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.Lock()
	defer r.Unlock()
	switch request.Method + " " + request.URL.Path {
	case "GET /health":
		if r.fault == "answers-500" {
			answer(w, 500, map[string]any{"status": "broken"})
			return
		}
		answer(w, 200, map[string]any{"status": "ok"})
	case "GET /agents":
		if r.fault == "dies" {
			log.Fatal("out of handles")
		}
		listed := []any{}
		for _, agent := range r.agents {
			listed = append(listed, agent)
		}
		answer(w, 200, map[string]any{"agents": listed, "count": len(listed)})
	case "POST /agents/register":
		sent, _ := io.ReadAll(request.Body)
		var agent map[string]any
		if json.Unmarshal(sent, &agent) != nil || agent["name"] == nil {
			answer(w, 422, map[string]any{"error": map[string]any{"code": "validation_failed"}})
			return
		}
		name := agent["name"].(string)
		if agent["id"] == nil {
			agent["id"] = name
		}
		now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		agent["status"], agent["registered_at"], agent["last_seen"] = "healthy", now, now
		r.agents[name] = agent
		if err := r.keep(); err != nil {
			log.Print(err)
			answer(w, 500, map[string]any{"error": map[string]any{"code": err.Error()}})
			return
		}
		answer(w, 201, agent)
	case "POST /heartbeat":
		answer(w, 200, map[string]any{})
	default:
		answer(w, 404, map[string]any{"error": map[string]any{"code": "not_found"}})
	}
}

func (r *registry) load() {
	text, err := os.ReadFile(r.file)
	if os.IsNotExist(err) && r.fault == "writes-late" {
		return
	}
	if os.IsNotExist(err) || r.fault == "forgets" {
		check(r.keep())
		return
	}
	check(err)
	check(json.Unmarshal(text, &r.agents))
}

func (r *registry) keep() error {
	text, err := json.Marshal(r.agents)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.file+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(r.file+".new", r.file)
}

func answer(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document)
}

var held []byte

// fill takes memory that is really there.
func fill(size int) {
	held = make([]byte, size)
	for at := 0; at < size; at += 4096 {
		held[at] = 1
	}
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
