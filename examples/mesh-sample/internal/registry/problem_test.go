package registry

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The error rows of the contract, one by one.
func TestEveryErrorHasItsStatusCodeAndMessage(t *testing.T) {
	malformed := `{"code": "malformed_json", "message": "the body is not a JSON object"}`
	tests := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/agents/register", ``, 400, malformed},
		{"POST", "/agents/register", `{"name": "a"`, 400, malformed},
		{"POST", "/agents/register", `{"name": "a"} {}`, 400, malformed},
		{"POST", "/agents/register", `["a"]`, 400, malformed},
		{"POST", "/agents/register", `null`, 400, malformed},
		{"POST", "/agents/register", "{\"name\": \"\xff\"}", 400, malformed},
		{"POST", "/heartbeat", `"a"`, 400, malformed},

		{"GET", "/agents/x", ``, 404, `{"code": "not_found", "message": "no agent \"x\""}`},
		{"DELETE", "/agents/x", ``, 404, `{"code": "not_found", "message": "no agent \"x\""}`},
		{"POST", "/heartbeat", `{"id": "x"}`, 404, `{"code": "not_found", "message": "no agent \"x\""}`},
		{"GET", "/agents/%C3%A9%20", ``, 404, `{"code": "not_found", "message": "no agent \"é \""}`},

		{"GET", "/", ``, 404, `{"code": "not_found", "message": "no route \"/\""}`},
		{"GET", "/x?y=z", ``, 404, `{"code": "not_found", "message": "no route \"/x\""}`},
		{"GET", "/agents/", ``, 404, `{"code": "not_found", "message": "no route \"/agents/\""}`},
		{"GET", "/agents/a/b", ``, 404, `{"code": "not_found", "message": "no route \"/agents/a/b\""}`},
		{"GET", "/agents/a%2Fb", ``, 404, `{"code": "not_found", "message": "no route \"/agents/a/b\""}`},
		{"GET", "//health", ``, 404, `{"code": "not_found", "message": "no route \"//health\""}`},

		{"GET", "/heartbeat", ``, 405, `{"code": "method_not_allowed", "message": "GET is not allowed here"}`},

		{"POST", "/agents/register", strings.Repeat(" ", maxBodyBytes+1), 413,
			`{"code": "payload_too_large", "message": "the body is over 1048576 bytes"}`},
		{"POST", "/heartbeat", strings.Repeat(" ", maxBodyBytes+1), 413,
			`{"code": "payload_too_large", "message": "the body is over 1048576 bytes"}`},

		{"POST", "/agents/register", `{}`, 422, invalid("name", "is required")},
		{"POST", "/agents/register", `{"health_interval": 0, "name": ""}`, 422,
			`{"code": "validation_failed", "message": "2 fields are not valid", "fields": [
				{"field": "name", "message": "must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},
				{"field": "health_interval", "message": "must be between 0.1 and 3600"}]}`},
		{"POST", "/heartbeat", `{}`, 422, invalid("id", "is required")},
		{"POST", "/heartbeat", `{"ID": "a"}`, 422, invalid("id", "is required")},
		{"POST", "/heartbeat", `{"id": 1}`, 422, invalid("id", "must be a string")},
		{"POST", "/heartbeat", `{"id": "a b"}`, 422, invalid("id", "must match "+identifier.String())},

		{"GET", "/agents?status=asleep", ``, 422, invalid("status", "must be one of healthy, degraded, expired")},
		{"GET", "/agents?status=", ``, 422, invalid("status", "must be one of healthy, degraded, expired")},
		{"GET", "/agents?name=a&name=a", ``, 422, invalid("name", "must be given once")},
		{"GET", "/agents?status=x&capability=a&status=y&capability=b", ``, 422,
			`{"code": "validation_failed", "message": "2 fields are not valid", "fields": [
				{"field": "capability", "message": "must be given once"},
				{"field": "status", "message": "must be given once"}]}`},
	}
	c := newClient(t)
	for _, test := range tests {
		c.expect(test.method, test.path, test.body, test.status, `{"error": `+test.want+`}`)
	}
}

func TestABodyOfExactlyTheLimitIsRead(t *testing.T) {
	body := `{"name": "a"` + strings.Repeat(" ", maxBodyBytes-len(`{"name": "a"}`)) + `}`
	newClient(t).register(body)
}

func TestMethodsThatAreNotAllowedAreToldTheRightOnes(t *testing.T) {
	allowed := map[string]string{
		"/health":          "GET",
		"/agents":          "GET",
		"/agents/a":        "DELETE, GET",
		"/agents/register": "DELETE, GET, POST",
		"/heartbeat":       "POST",
		"/capabilities":    "GET",
		"/openapi.json":    "GET",
	}
	c := newClient(t)
	for path, want := range allowed {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} {
			if strings.Contains(want, method) {
				continue
			}
			answer := c.call(method, path, "")
			if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != want {
				t.Errorf("%s %s: %d, Allow %q, want 405 and %q",
					method, path, answer.Code, answer.Header().Get("Allow"), want)
			}
		}
	}
}

func TestAWriteThatCannotBeStoredIsNotAcknowledged(t *testing.T) {
	c := newClient(t)
	c.register(`{"name": "a"}`)
	c.registry.Close()
	internal := `{"error": {"code": "internal_error", "message": "the registry could not answer"}}`
	c.expect("POST", "/agents/register", `{"name": "b"}`, 500, internal)
	c.expect("POST", "/heartbeat", `{"id": "a"}`, 500, internal)
	c.expect("DELETE", "/agents/a", ``, 500, internal)
	c.expect("GET", "/agents/b", ``, 404, `{"error": {"code": "not_found", "message": "no agent \"b\""}}`)
}

// invalid is the error of one field that is not valid.
func invalid(field, message string) string {
	encoded, err := json.Marshal(validationFailed([]FieldError{{field, message}}))
	if err != nil {
		panic(fmt.Sprintf("a problem is always JSON: %v", err))
	}
	return string(encoded)
}
