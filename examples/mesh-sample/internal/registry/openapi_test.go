package registry

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type openAPIDocument struct {
	OpenAPI string                                `json:"openapi"`
	Paths   map[string]map[string]json.RawMessage `json:"paths"`
	// Components by kind and name.
	Components map[string]map[string]json.RawMessage `json:"components"`
}

func readOpenAPI(t *testing.T) openAPIDocument {
	t.Helper()
	answer := newClient(t).call("GET", "/openapi.json", "")
	var document openAPIDocument
	if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil || answer.Code != 200 {
		t.Fatalf("%d, %v", answer.Code, err)
	}
	return document
}

func TestTheDocumentHasTheRoutesThatAreServedAndNoOthers(t *testing.T) {
	a := NewHandler(newClient(t).registry).(*api)
	served := map[string][]string{"/agents/{id}": slices.Sorted(maps.Keys(a.agent))}
	for path, methods := range a.fixed {
		served[path] = slices.Sorted(maps.Keys(methods))
	}
	served["/agents/register"] = []string{"POST"} // the others are those of /agents/{id}

	documented := map[string][]string{}
	for path, operations := range readOpenAPI(t).Paths {
		for method := range operations {
			if method != "parameters" {
				documented[path] = append(documented[path], strings.ToUpper(method))
			}
		}
		slices.Sort(documented[path])
	}
	if !reflect.DeepEqual(served, documented) {
		t.Errorf("served %v\ndocumented %v", served, documented)
	}
}

func TestEveryReferenceInTheDocumentLeadsSomewhere(t *testing.T) {
	components := readOpenAPI(t).Components
	for _, reference := range regexp.MustCompile(`"#/components/([^/"]+)/([^"]+)"`).FindAllStringSubmatch(string(openAPI), -1) {
		if _, exists := components[reference[1]][reference[2]]; !exists {
			t.Errorf("nothing at %s", reference[0])
		}
	}
}

func TestTheSchemasHaveTheFieldsThatAreSent(t *testing.T) {
	components := readOpenAPI(t).Components
	for name, value := range map[string]any{
		"Agent": Agent{}, "Registration": Registration{}, "AgentList": agentList{}, "Health": Health{}, "Capability": Capability{},
	} {
		var schema struct {
			Required   []string       `json:"required"`
			Properties map[string]any `json:"properties"`
		}
		if err := json.Unmarshal(components["schemas"][name], &schema); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sent := fieldsOf(t, value)
		if documented := slices.Sorted(maps.Keys(schema.Properties)); !slices.Equal(sent, documented) {
			t.Errorf("%s: sent %v, documented %v", name, sent, documented)
		}
		slices.Sort(schema.Required)
		if name != "Registration" && !slices.Equal(sent, schema.Required) {
			t.Errorf("%s: sent %v, required %v", name, sent, schema.Required)
		}
	}
}

func fieldsOf(t *testing.T, value any) []string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(encoded, &fields); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(fields))
}
