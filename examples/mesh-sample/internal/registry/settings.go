package registry

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Settings is how one registry is to run.
type Settings struct {
	Host      string
	Port      int    // 0 picks a free one
	Database  string // path of the SQLite file
	Lifetimes Lifetimes
}

// DefaultSettings holds where neither a flag nor a variable says otherwise.
func DefaultSettings() Settings {
	return Settings{
		Host:      "127.0.0.1",
		Port:      8080,
		Database:  "mcp-mesh-registry.db",
		Lifetimes: Lifetimes{Retention: 24 * time.Hour},
	}
}

func (s Settings) address() string {
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// UsageError is a mistake in flags or variables. Programs end with exit code 2.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

// setting is one row of the contract's table of settings.
type setting struct {
	flag      string
	usage     string
	variables []variable // the first that is set counts, if the flag is not given
	set       func(*Settings, string) error
}

type variable struct {
	name string
	// value turns the variable's text into the flag's; nil when they are the same.
	value func(string) (string, error)
}

var settingsTable = []setting{
	{"host", "`address` to listen on (default 127.0.0.1)",
		[]variable{{name: "MCP_MESH_REGISTRY_HOST"}, {name: "HOST"}},
		func(s *Settings, text string) error { s.Host = text; return nil }},
	{"port", "`port` to listen on, 0 for a free one (default 8080)",
		[]variable{{name: "MCP_MESH_REGISTRY_PORT"}, {name: "PORT"}},
		func(s *Settings, text string) (err error) { s.Port, err = parsePort(text); return err }},
	{"db", "`path` of the SQLite database (default mcp-mesh-registry.db)",
		[]variable{{name: "MCP_MESH_DB_PATH"}, {"DATABASE_URL", pathOfURL}},
		func(s *Settings, text string) error { s.Database = text; return nil }},
	{"degraded-after", "`silence` after which an agent is degraded (default 2 times its health interval)",
		[]variable{{name: "MCP_MESH_DEGRADED_AFTER"}},
		func(s *Settings, text string) (err error) {
			s.Lifetimes.DegradedAfter, err = parseDuration(text)
			return err
		}},
	{"expired-after", "`silence` after which an agent is expired (default 4 times its health interval)",
		[]variable{{name: "MCP_MESH_EXPIRED_AFTER"}},
		func(s *Settings, text string) (err error) {
			s.Lifetimes.ExpiredAfter, err = parseDuration(text)
			return err
		}},
	{"retention", "`time` after which an expired agent is forgotten (default 24h)",
		[]variable{{name: "MCP_MESH_RETENTION"}},
		func(s *Settings, text string) (err error) {
			s.Lifetimes.Retention, err = parseDuration(text)
			return err
		}},
}

// ParseSettings adds the registry's flags to those that flags already has, parses
// the arguments, and fills in from the environment what no flag said. Flags may
// stand before, between and after other arguments, which are returned. The error
// is flag.ErrHelp or a *UsageError.
func ParseSettings(flags *flag.FlagSet, args []string, env func(string) string) (Settings, []string, error) {
	settings := DefaultSettings()
	given := map[string]bool{}
	for _, row := range settingsTable {
		flags.Func(row.flag, row.usage, func(text string) error {
			given[row.flag] = true
			return row.set(&settings, text)
		})
	}
	rest, err := ParseFlags(flags, args)
	if err != nil {
		return settings, nil, err
	}
	for _, row := range settingsTable {
		if given[row.flag] {
			continue
		}
		if err := row.fromEnvironment(&settings, env); err != nil {
			return settings, rest, err
		}
	}
	return settings, rest, nil
}

// ParseFlags parses flags and other arguments in any order and prints nothing. The
// error is flag.ErrHelp or a *UsageError.
func ParseFlags(flags *flag.FlagSet, args []string) (rest []string, err error) {
	flags.SetOutput(io.Discard)
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, err
		} else if err != nil {
			return nil, &UsageError{err.Error()}
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// fromEnvironment takes the first variable that is set; an empty one is not.
func (row setting) fromEnvironment(settings *Settings, env func(string) string) error {
	for _, v := range row.variables {
		text := env(v.name)
		if text == "" {
			continue
		}
		value, err := text, error(nil)
		if v.value != nil {
			value, err = v.value(text)
		}
		if err == nil {
			err = row.set(settings, value)
		}
		if err != nil {
			return &UsageError{fmt.Sprintf("invalid value %q for %s: %v", text, v.name, err)}
		}
		return nil
	}
	return nil
}

func parsePort(text string) (int, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, errors.New("must be a whole number from 0 to 65535")
	}
	return int(port), nil
}

// duration is narrower than time.ParseDuration, so that other programs can read
// the same settings.
var duration = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(ms|s|m|h)$`)

func parseDuration(text string) (time.Duration, error) {
	parsed, err := time.ParseDuration(text)
	if err != nil || !duration.MatchString(text) || parsed <= 0 {
		return 0, errors.New("must be a duration above zero, as 500ms, 30s, 5m or 24h")
	}
	return parsed, nil
}

// pathOfURL follows SQLAlchemy: three slashes before a relative path, four before
// an absolute one.
func pathOfURL(text string) (string, error) {
	path, found := strings.CutPrefix(text, "sqlite:///")
	if !found || path == "" {
		return "", errors.New("must be sqlite:///path")
	}
	return path, nil
}
