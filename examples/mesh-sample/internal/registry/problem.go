package registry

import (
	"fmt"
	"net/http"
)

// Problem is an error as the API tells it. Every answer of 400 and above has this
// form.
type Problem struct {
	HTTPStatus int          `json:"-"`
	Code       string       `json:"code"`
	Message    string       `json:"message"`
	Fields     []FieldError `json:"fields,omitempty"` // of validation_failed alone
}

// FieldError says what is wrong with one field of a body or a query.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (p *Problem) Error() string { return p.Message }

// maxBodyBytes bounds what one request may make the registry hold.
const maxBodyBytes = 1 << 20

func malformedJSON() *Problem {
	return &Problem{HTTPStatus: http.StatusBadRequest, Code: "malformed_json",
		Message: "the body is not a JSON object"}
}

func unknownAgent(id string) *Problem {
	return &Problem{HTTPStatus: http.StatusNotFound, Code: "not_found",
		Message: `no agent "` + id + `"`}
}

func unknownRoute(path string) *Problem {
	return &Problem{HTTPStatus: http.StatusNotFound, Code: "not_found",
		Message: `no route "` + path + `"`}
}

func methodNotAllowed(method string) *Problem {
	return &Problem{HTTPStatus: http.StatusMethodNotAllowed, Code: "method_not_allowed",
		Message: method + " is not allowed here"}
}

func payloadTooLarge() *Problem {
	return &Problem{HTTPStatus: http.StatusRequestEntityTooLarge, Code: "payload_too_large",
		Message: fmt.Sprintf("the body is over %d bytes", maxBodyBytes)}
}

func validationFailed(fields []FieldError) *Problem {
	message := fmt.Sprintf("%d fields are not valid", len(fields))
	if len(fields) == 1 {
		message = "1 field is not valid"
	}
	return &Problem{HTTPStatus: http.StatusUnprocessableEntity, Code: "validation_failed",
		Message: message, Fields: fields}
}

func internalError() *Problem {
	return &Problem{HTTPStatus: http.StatusInternalServerError, Code: "internal_error",
		Message: "the registry could not answer"}
}
