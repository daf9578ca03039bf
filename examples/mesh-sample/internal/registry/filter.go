package registry

import (
	"net/url"
	"slices"
	"strings"
)

// Filter selects agents. A nil field selects all; several are combined with and.
type Filter struct {
	Capability *string
	Name       *string
	Status     *Status
}

func (f Filter) selects(a Agent) bool {
	return (f.Capability == nil || slices.Contains(a.Capabilities, *f.Capability)) &&
		(f.Name == nil || a.Name == *f.Name) &&
		(f.Status == nil || a.Status == *f.Status)
}

// parseFilter reads the filters of GET /agents. It ignores parameters that it does
// not know. The error is a *Problem.
func parseFilter(rawQuery string) (filter Filter, err error) {
	query := parseQuery(rawQuery)
	var rejected []FieldError
	once := func(name string) *string {
		values := query[name]
		if len(values) > 1 {
			rejected = append(rejected, FieldError{name, "must be given once"})
		}
		if len(values) != 1 {
			return nil
		}
		return &values[0]
	}
	filter.Capability, filter.Name = once("capability"), once("name")
	if given := once("status"); given != nil {
		status := Status(*given)
		if !slices.Contains([]Status{Healthy, Degraded, Expired}, status) {
			rejected = append(rejected, FieldError{"status", "must be one of healthy, degraded, expired"})
		}
		filter.Status = &status
	}
	if len(rejected) > 0 {
		return Filter{}, validationFailed(rejected)
	}
	return filter, nil
}

// parseQuery differs from url.ParseQuery for text that is not well escaped: it takes
// it literally. To drop it, as that does, would answer a mistyped filter with agents
// that nobody asked for.
func parseQuery(raw string) url.Values {
	query := url.Values{}
	for _, pair := range strings.Split(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		query.Add(unescape(name), unescape(value))
	}
	return query
}

func unescape(text string) string {
	unescaped, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return unescaped
}
