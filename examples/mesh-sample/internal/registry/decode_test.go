package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestEveryFieldOfARegistrationIsChecked(t *testing.T) {
	const (
		text   = "must be a string"
		list   = "must be a list of strings"
		match  = "must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
		web    = "must be an http or https URL"
		span   = "must be between 0.1 and 3600"
		number = "must be a number"
	)
	tests := []struct {
		field, value string
		want         string // empty: the value is valid
	}{
		{"name", `null`, "is required"},
		{"name", `1`, text},
		{"name", `"` + strings.Repeat("a", 128) + `"`, ""},
		{"name", `"` + strings.Repeat("a", 129) + `"`, match},
		{"name", `"-a"`, match},
		{"name", `"a\n"`, match},
		{"name", `"é"`, match},
		{"name", `"A.b_c-9"`, ""},
		{"id", `""`, match},
		{"id", `{}`, text},
		{"id", `"other"`, ""},

		{"endpoint", `""`, ""},
		{"endpoint", `"http://host"`, ""},
		{"endpoint", `"HTTPS://[::1]:80/a?b#c"`, ""},
		{"endpoint", `"ftp://host"`, web},
		{"endpoint", `"http:///path"`, web},
		{"endpoint", `"http://:80"`, web},
		{"endpoint", `"//host"`, web},
		{"endpoint", `"host"`, web},
		{"endpoint", `"http://a b"`, web},
		{"endpoint", `7`, text},
		{"endpoint", quoted("http://h/", "é", 2048), ""},
		{"endpoint", quoted("http://h/", "é", 2049), "must have at most 2048 characters"},
		{"endpoint", quoted("ftp://h/", "é", 2049), "must have at most 2048 characters"},

		{"capabilities", `[]`, ""},
		{"capabilities", `"a"`, list},
		{"capabilities", `["a", 1]`, list},
		{"capabilities", `["a", null]`, list},
		{"capabilities", `{"a": "b"}`, list},
		{"capabilities", entries(100, "a"), ""},
		{"capabilities", entries(101, "a"), "must have at most 100 entries"},
		{"dependencies", `[""]`, "must have entries of 1 to 128 characters"},
		{"dependencies", `[` + quoted("", "é", 128) + `]`, ""},
		{"dependencies", `[` + quoted("", "é", 129) + `]`, "must have entries of 1 to 128 characters"},
		{"tags", entries(101, ""), "must have at most 100 entries"},
		{"tags", `[true]`, list},

		{"version", quoted("", "é", 64), ""},
		{"version", quoted("", "é", 65), "must have at most 64 characters"},
		{"version", `1.0`, text},
		{"description", quoted("", "é", 1024), ""},
		{"description", quoted("", "é", 1025), "must have at most 1024 characters"},
		{"description", `[]`, text},

		{"health_interval", `0.1`, ""},
		{"health_interval", `3.6e3`, ""},
		{"health_interval", `0.09`, span},
		{"health_interval", `3600.001`, span},
		{"health_interval", `-1`, span},
		{"health_interval", `1e999`, span},
		{"health_interval", `"30"`, number},
		{"health_interval", `true`, number},
		{"health_interval", `[30]`, number},
	}
	for _, test := range tests {
		body := fmt.Sprintf(`{"name": "a", %q: %s}`, test.field, test.value) // the last one counts
		_, err := decodeRegistration([]byte(body))
		if test.want == "" {
			if err != nil {
				t.Errorf("%.80s: %v", body, err)
			}
			continue
		}
		var problem *Problem
		if !errors.As(err, &problem) || !slices.Equal(problem.Fields, []FieldError{{test.field, test.want}}) {
			t.Errorf("%.80s: %#v, want %s", body, problem, test.want)
		}
	}
}

func TestTheIDIsTheNameUnlessItIsGiven(t *testing.T) {
	for body, want := range map[string]string{
		`{"name": "a"}`:              "a",
		`{"name": "a", "id": null}`:  "a",
		`{"name": "a", "id": "b"}`:   "b",
		`{"name": "a", "Id": "b"}`:   "a",
		`{"name": "b", "name": "a"}`: "a",
	} {
		r, err := decodeRegistration([]byte(body))
		if err != nil || r.ID != want {
			t.Errorf("%s: %+v, %v; want the id %s", body, r, err, want)
		}
	}
}

// Whatever is accepted reads the same after it went to disk and back, and is still
// acceptable.
func FuzzAnAcceptedRegistrationSurvivesEncoding(f *testing.F) {
	f.Add([]byte(helloBody))
	f.Add([]byte(`{"name": "a", "health_interval": 0.1, "tags": ["x", "x"]}`))
	f.Add([]byte(`{"name": "a", "description": "\u0000\ud800<&>", "endpoint": "http://[::1]:1/%zz"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		decoded, err := decodeRegistration(body)
		if err != nil {
			var problem *Problem
			if !errors.As(err, &problem) {
				t.Fatalf("%v is no answer for a client", err)
			}
			return
		}
		encoded, err := json.Marshal(decoded)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeRegistration(encoded)
		if err != nil {
			t.Fatalf("%s: %v", encoded, err)
		}
		if !reflect.DeepEqual(decoded, again) {
			t.Fatalf("%+v became %+v", decoded, again)
		}
	})
}

// quoted is a JSON string of that many characters.
func quoted(prefix, fill string, characters int) string {
	return `"` + prefix + strings.Repeat(fill, characters-len(prefix)) + `"`
}

// entries is a JSON list of that many equal strings.
func entries(count int, text string) string {
	return `[` + strings.TrimSuffix(strings.Repeat(`"`+text+`",`, count), ",") + `]`
}
