package registry

import (
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"
)

func parseSettings(args string, env map[string]string) (Settings, []string, error) {
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.Bool("other", false, "a flag of the program's own")
	return ParseSettings(flags, strings.Fields(args), func(name string) string { return env[name] })
}

func TestAFlagWinsOverTheFirstVariableThatIsSet(t *testing.T) {
	host := func(s Settings) any { return s.Host }
	port := func(s Settings) any { return s.Port }
	database := func(s Settings) any { return s.Database }
	tests := []struct {
		args string
		env  map[string]string
		read func(Settings) any
		want any
	}{
		{"", nil, host, "127.0.0.1"},
		{"", map[string]string{"HOST": "b"}, host, "b"},
		{"", map[string]string{"HOST": "b", "MCP_MESH_REGISTRY_HOST": "a"}, host, "a"},
		{"", map[string]string{"HOST": "b", "MCP_MESH_REGISTRY_HOST": ""}, host, "b"},
		{"--host c", map[string]string{"HOST": "b", "MCP_MESH_REGISTRY_HOST": "a"}, host, "c"},

		{"", nil, port, 8080},
		{"", map[string]string{"PORT": "2"}, port, 2},
		{"", map[string]string{"PORT": "bad", "MCP_MESH_REGISTRY_PORT": "1"}, port, 1},
		{"--port=0", map[string]string{"MCP_MESH_REGISTRY_PORT": "bad"}, port, 0},

		{"", nil, database, "mcp-mesh-registry.db"},
		{"", map[string]string{"DATABASE_URL": "sqlite:///a/b.db"}, database, "a/b.db"},
		{"", map[string]string{"DATABASE_URL": "sqlite:////a/b.db"}, database, "/a/b.db"},
		{"", map[string]string{"DATABASE_URL": "postgres://x", "MCP_MESH_DB_PATH": "c.db"}, database, "c.db"},
		{"--db d.db", map[string]string{"DATABASE_URL": "postgres://x"}, database, "d.db"},
	}
	for _, test := range tests {
		settings, _, err := parseSettings(test.args, test.env)
		if err != nil || test.read(settings) != test.want {
			t.Errorf("%q with %v: %v, %v; want %v", test.args, test.env, test.read(settings), err, test.want)
		}
	}
}

func TestLifetimesAreDurations(t *testing.T) {
	if got := DefaultSettings().Lifetimes; got != (Lifetimes{Retention: 24 * time.Hour}) {
		t.Errorf("defaults: %+v", got)
	}
	settings, _, err := parseSettings("--degraded-after 500ms", map[string]string{
		"MCP_MESH_DEGRADED_AFTER": "1h", "MCP_MESH_EXPIRED_AFTER": "1.5s", "MCP_MESH_RETENTION": "48h",
	})
	want := Lifetimes{500 * time.Millisecond, 1500 * time.Millisecond, 48 * time.Hour}
	if err != nil || settings.Lifetimes != want {
		t.Errorf("%+v, %v; want %+v", settings.Lifetimes, err, want)
	}
}

func TestABadSettingIsAUsageErrorInOneLineThatNamesIt(t *testing.T) {
	tests := []struct {
		args, variable, value string
		want                  string
	}{
		{"--port x", "", "", "port"},
		{"--port 65536", "", "", "0 to 65535"},
		{"--port -1", "", "", "port"},
		{"--retention", "", "", "retention"},
		{"--degraded-after 10", "", "", "degraded-after"},
		{"--degraded-after 1h30m", "", "", "degraded-after"},
		{"--expired-after 0s", "", "", "above zero"},
		{"--expired-after -1s", "", "", "expired-after"},
		{"--bogus", "", "", "bogus"},
		{"", "PORT", "http", "PORT"},
		{"", "MCP_MESH_RETENTION", "1 day", "MCP_MESH_RETENTION"},
		{"", "DATABASE_URL", "postgres://h/db", "DATABASE_URL"},
		{"", "DATABASE_URL", "sqlite:///", "DATABASE_URL"},
	}
	for _, test := range tests {
		_, _, err := parseSettings(test.args, map[string]string{test.variable: test.value})
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q, %s=%s: error %v, want a line with %q", test.args, test.variable, test.value, err, test.want)
		}
	}
}

func TestFlagsMayStandBetweenOtherArguments(t *testing.T) {
	settings, rest, err := parseSettings("a.py --port 1 b.py --other --host h", nil)
	if err != nil || settings.Port != 1 || settings.Host != "h" || !slices.Equal(rest, []string{"a.py", "b.py"}) {
		t.Errorf("%+v, %v, %v", settings, rest, err)
	}
}
