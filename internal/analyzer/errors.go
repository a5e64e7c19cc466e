package analyzer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// failure is an exception of the API (IAM Access Analyzer API Reference, "Common
// Errors" and the errors of the operations). kind is what clients tell it by; status
// is the one that the API has for it.
type failure struct {
	kind    string
	status  int
	Message string  `json:"message"`
	Reason  string  `json:"reason,omitempty"`    // of a ValidationException
	Fields  []field `json:"fieldList,omitempty"` // of a ValidationException
	// retryAfter is in seconds, 0 for none.
	retryAfter int
}

// field is a member of a request that is not as it should be.
type field struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return f.kind + ": " + f.Message }

// Reasons of a ValidationException (IAM Access Analyzer API Reference,
// "ValidationException").
const (
	unknownOperation = "unknownOperation"
	cannotParse      = "cannotParse"
	fieldsFailed     = "fieldValidationFailed"
	otherReason      = "other"
)

// invalid is a ValidationException.
func invalid(reason, format string, args ...any) *failure {
	return &failure{kind: "ValidationException", status: http.StatusBadRequest, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// throttled tells a client to come again.
func throttled(message string) *failure {
	return &failure{kind: "ThrottlingException", status: http.StatusTooManyRequests, Message: message, retryAfter: 1}
}

// write sends v as the AWS restJson1 protocol does: JSON, and for an exception its
// name in a header (Smithy, "AWS restJson1 protocol", "Operation error serialization").
func write(w http.ResponseWriter, v any) {
	status := http.StatusOK
	h := w.Header()
	if f, ok := v.(*failure); ok {
		status = f.status
		h.Set("X-Amzn-ErrorType", f.kind)
		if f.retryAfter > 0 {
			h.Set("Retry-After", strconv.Itoa(f.retryAfter))
		}
	}
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // a client that is gone has nobody to tell
}
