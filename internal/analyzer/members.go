package analyzer

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// decode reads the body of a request. A member that is not known is refused, other
// than by the service: what it asks for would not be answered.
func decode(body []byte, into any) error {
	err := json.Unmarshal(body, into, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return badField(cannotParse, syntax.JSONPointer, "given more than once, expected once")
		}
		return invalid(cannotParse, "The body is not JSON: %v. Expected one object.", syntax.Err)
	}
	value, ok := errors.AsType[*json.SemanticError](err)
	if !ok || value.JSONPointer == "" {
		return invalid(cannotParse, "The body is not what was expected: one JSON object.")
	}
	if errors.Is(err, json.ErrUnknownName) {
		return badField(fieldsFailed, value.JSONPointer, "not a member of this operation's input, remove it")
	}
	return badField(fieldsFailed, value.JSONPointer, "wrong type, expected "+expected(value.GoType))
}

// badField is the ValidationException of one member.
func badField(reason string, at jsontext.Pointer, message string) error {
	bad := field{memberName(at), message}
	f := invalid(reason, "%s: %s", bad.Name, bad.Message)
	f.Fields = []field{bad}
	return f
}

// expected names a type in the words of JSON.
func expected(t reflect.Type) string {
	if t != nil {
		switch t.Kind() {
		case reflect.Slice:
			return "a list"
		case reflect.Struct:
			return "an object"
		}
	}
	return "a string"
}

// memberName writes a place in the body as access[0].resources[1]. No name of the
// API is a number.
func memberName(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			fmt.Fprintf(&b, "[%s]", token)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		fmt.Fprintf(&b, "%.100s", token)
	}
	return b.String()
}

// members takes the members of a request and collects everything that is wrong with
// them, so that a client sees it at once.
type members struct {
	bad      []field
	headline string // instead of one made of bad
	parsed   bool   // something is wrong beside texts that are not JSON
}

// maxFields bounds what is said about one request.
const maxFields = 100

func (m *members) refuse(name, format string, args ...any) {
	m.parsed = true
	m.add(name, fmt.Sprintf(format, args...))
}

func (m *members) add(name, message string) {
	if len(m.bad) < maxFields {
		m.bad = append(m.bad, field{name, message})
	}
}

// err is the ValidationException of what was collected, nil for nothing.
func (m *members) err() error {
	if len(m.bad) == 0 {
		return nil
	}
	reason, message := fieldsFailed, m.headline
	if !m.parsed {
		reason = cannotParse
	}
	if message == "" {
		message = m.bad[0].Name + ": " + m.bad[0].Message
		if n := len(m.bad) - 1; n > 0 {
			message += fmt.Sprintf(" (and %d more)", n)
		}
	}
	f := invalid(reason, "%s", message)
	f.Fields = m.bad
	return f
}

// required takes a text that must be there.
func (m *members) required(name string, v *string) (string, bool) {
	if v == nil {
		m.refuse(name, "missing, it is required")
		return "", false
	}
	return *v, true
}

// kind takes a policyType, 0 for a bad one.
func (m *members) kind(v *string) policy.Kind {
	text, ok := m.required("policyType", v)
	if !ok {
		return 0
	}
	switch text {
	case "IDENTITY_POLICY":
		return policy.Identity
	case "RESOURCE_POLICY":
		return policy.Resource
	}
	m.refuse("policyType", "unknown value %.100q, expected IDENTITY_POLICY or RESOURCE_POLICY", text)
	return 0
}

// resourceType takes the type of the resource that a policy is of.
func (m *members) resourceType(v *string) string {
	text, ok := m.required("resourceType", v)
	if known := access.ResourceTypes(); ok && !slices.Contains(known, text) {
		m.refuse("resourceType", "unknown value %.100q, expected one of %s", text, strings.Join(known, ", "))
	}
	return text
}

// document takes a policy, nil for a bad one. Without a kind it cannot be read; what
// is wrong with the kind has been told then.
func (m *members) document(name string, v *string, o policy.ParseOptions) *policy.Document {
	text, ok := m.required(name, v)
	if !ok || o.Kind == 0 {
		return nil
	}
	doc, diags := policy.Parse([]byte(text), o)
	if !diags.HasErrors() {
		return doc
	}
	for _, d := range diags {
		if d.IsError() {
			m.add(name, d.String())
			m.parsed = m.parsed || d.Code != "JSON_SYNTAX_ERROR"
		}
	}
	return nil
}

// listed is an entry of access as it is written.
type listed struct {
	Actions   []string `json:"actions"`
	Resources []string `json:"resources"`
}

// access takes the list of what must not be granted. The API takes one entry.
func (m *members) access(v []listed) access.Access {
	switch {
	case v == nil:
		m.refuse("access", "missing, it is required")
		return access.Access{}
	case len(v) != 1:
		m.refuse("access", "%d entries, expected one with actions, resources or both", len(v))
		return access.Access{}
	}
	all := access.Access(v[0])
	if err := refused(all); err != nil {
		before := len(m.bad)
		for i, text := range all.Actions {
			m.entry(fmt.Sprintf("access[0].actions[%d]", i), "Invalid action", refused(access.Access{Actions: []string{text}}))
		}
		for i, text := range all.Resources {
			m.entry(fmt.Sprintf("access[0].resources[%d]", i), "Invalid ARN", refused(access.Access{Resources: []string{text}}))
		}
		if len(m.bad) == before { // none by itself: no entry, or too many
			m.refuse("access[0]", "%v", err)
		}
	}
	return all
}

// refused is the error of a list that the operation does not take: it is asked
// without a policy, which takes no time.
func refused(a access.Access) error {
	_, err := access.AccessNotGranted(nil, []access.Access{a}, access.Options{})
	return err
}

// entry refuses an entry with an error. Where nothing else is wrong, the message is
// the headline, as it was recorded from the service for ARNs.
func (m *members) entry(name, headline string, err error) {
	if err == nil {
		return
	}
	if len(m.bad) == 0 {
		m.headline = headline
	}
	m.refuse(name, "%v", err)
}
