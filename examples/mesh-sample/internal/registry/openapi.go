package registry

import (
	_ "embed"
	"net/http"
)

// openAPI describes the routes for programs. It is written by hand and tested
// against the routes.
//
//go:embed openapi.json
var openAPI []byte

func (a *api) getOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	writeEncoded(w, http.StatusOK, openAPI)
	return nil
}
