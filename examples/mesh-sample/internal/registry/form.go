package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// identifier is what ids and names look like. They appear in paths and in logs, so
// nothing in them ever needs quoting.
var identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// form is a JSON object from a client whose fields are read one by one. It decodes
// into no struct, because encoding/json would match field names in any case and
// stop at the first wrong type; a client learns of all its mistakes at once.
type form struct {
	fields map[string]json.RawMessage
	errors []FieldError // in the order in which the fields were read
}

func parseForm(body []byte) (*form, error) {
	f := &form{}
	if !utf8.Valid(body) || json.Unmarshal(body, &f.fields) != nil || f.fields == nil {
		return nil, malformedJSON()
	}
	return f, nil
}

// err is nil when every field that was read is valid.
func (f *form) err() error {
	if len(f.errors) == 0 {
		return nil
	}
	return validationFailed(f.errors)
}

func (f *form) reject(field, message string) {
	f.errors = append(f.errors, FieldError{field, message})
}

// given is the field's value; null counts as left out.
func (f *form) given(field string) (json.RawMessage, bool) {
	raw, exists := f.fields[field]
	return raw, exists && !bytes.Equal(raw, []byte("null"))
}

// text reads a string; false when it was left out or is none.
func (f *form) text(field string) (string, bool) {
	raw, exists := f.given(field)
	if !exists {
		return "", false
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		f.reject(field, "must be a string")
		return "", false
	}
	return s, true
}

func (f *form) requiredIdentifier(field string) string {
	if _, exists := f.given(field); !exists {
		f.reject(field, "is required")
	}
	return f.identifier(field, "")
}

func (f *form) identifier(field, fallback string) string {
	s, ok := f.text(field)
	if !ok {
		return fallback
	}
	if !identifier.MatchString(s) {
		f.reject(field, "must match "+identifier.String())
	}
	return s
}

func (f *form) shortText(field, fallback string, maxCharacters int) string {
	s, ok := f.text(field)
	if !ok {
		return fallback
	}
	if utf8.RuneCountInString(s) > maxCharacters {
		f.reject(field, fmt.Sprintf("must have at most %d characters", maxCharacters))
	}
	return s
}

// webAddress reads an absolute http or https URL, or an empty string.
func (f *form) webAddress(field string, maxCharacters int) string {
	before := len(f.errors)
	s := f.shortText(field, "", maxCharacters)
	if s == "" || len(f.errors) > before {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		f.reject(field, "must be an http or https URL")
	}
	return s
}

// texts reads a list of strings without its repetitions. The limits hold for the
// list as it was sent.
func (f *form) texts(field string, maxEntries, maxCharacters int) []string {
	unique := []string{}
	raw, exists := f.given(field)
	if !exists {
		return unique
	}
	var entries []*string // a null among them stays visible as nil
	if json.Unmarshal(raw, &entries) != nil {
		f.reject(field, "must be a list of strings")
		return unique
	}
	tooLong, known := false, make(map[string]bool, len(entries))
	for _, entry := range entries {
		if entry == nil {
			f.reject(field, "must be a list of strings")
			return unique
		}
		tooLong = tooLong || *entry == "" || utf8.RuneCountInString(*entry) > maxCharacters
		if !known[*entry] {
			known[*entry] = true
			unique = append(unique, *entry)
		}
	}
	if len(entries) > maxEntries {
		f.reject(field, fmt.Sprintf("must have at most %d entries", maxEntries))
	} else if tooLong {
		f.reject(field, fmt.Sprintf("must have entries of 1 to %d characters", maxCharacters))
	}
	return unique
}

func (f *form) number(field string, fallback, from, to float64) float64 {
	raw, exists := f.given(field)
	if !exists {
		return fallback
	}
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		f.reject(field, "must be a number")
		return fallback
	}
	n, err := strconv.ParseFloat(string(raw), 64) // too large a number gives an infinity
	if err != nil || n < from || n > to {
		f.reject(field, fmt.Sprintf("must be between %v and %v", from, to))
	}
	return n
}
