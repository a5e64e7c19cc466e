package access_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// A question of the engine that a case asks.
type asked int

const (
	noNewAccess asked = iota
	lostDenial
	accessNotGranted
	gained
)

func (a asked) String() string {
	return [...]string{"NoNewAccess", "LostDenial", "AccessNotGranted", "Gained"}[a]
}

// scenario is one question about drawn policies, in a form that can be shrunk.
type scenario struct {
	kind   policy.Kind
	asks   asked
	before []document
	after  []document
	// Guardrails of the sets of Gained; nil for none.
	beforeGuard []document
	afterGuard  []document
	listed      access.Access // of AccessNotGranted, which has no documents before
	options     access.Options
}

// layers are the documents of a scenario in the order of their statements.
func (s *scenario) layers() []*[]document {
	return []*[]document{&s.before, &s.beforeGuard, &s.after, &s.afterGuard}
}

type document struct {
	version    string
	statements []statement
}

type statement struct {
	deny         bool
	notPrincipal bool
	principals   []entry // of a resource policy
	notAction    bool
	actions      []string
	notResource  bool
	resources    []string // nil: no such element
	conditions   []condition
}

// entry is a principal under its key; the key "" is the string "*".
type entry struct{ key, text string }

type condition struct {
	operator, key string
	values        []string // as JSON
}

func (s scenario) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s policies", s.asks, s.kind)
	if !s.options.StrictOpenWorld {
		b.WriteString(", with facts")
	}
	for i, layer := range s.layers() {
		for _, d := range *layer {
			fmt.Fprintf(&b, "\n%s %s", [...]string{"before", "before, within", "after ", "after, within "}[i], d)
		}
	}
	if s.asks == accessNotGranted {
		fmt.Fprintf(&b, "\nlisted %q", s.listed)
	}
	return b.String()
}

// String is the policy document.
func (d document) String() string {
	texts := make([]string, len(d.statements))
	for i, s := range d.statements {
		texts[i] = s.String()
	}
	version := ""
	if d.version != "" {
		version = `"Version":` + quoted(d.version) + `,`
	}
	return `{` + version + `"Statement":[` + strings.Join(texts, ",") + `]}`
}

func (s statement) String() string {
	effect := policy.Allow
	if s.deny {
		effect = policy.Deny
	}
	parts := []string{`"Effect":"` + string(effect) + `"`}
	if s.principals != nil {
		parts = append(parts, principalElement(s.notPrincipal, s.principals))
	}
	parts = append(parts, element("Action", s.notAction, s.actions))
	if s.resources != nil {
		parts = append(parts, element("Resource", s.notResource, s.resources))
	}
	if len(s.conditions) > 0 {
		parts = append(parts, conditionElement(s.conditions))
	}
	return `{` + strings.Join(parts, ",") + `}`
}

func element(name string, not bool, list []string) string {
	if not {
		name = "Not" + name
	}
	if len(list) == 1 {
		return quoted(name) + `:` + quoted(list[0])
	}
	return quoted(name) + `:` + quoted(append([]string{}, list...))
}

func principalElement(not bool, entries []entry) string {
	name := `"Principal":`
	if not {
		name = `"NotPrincipal":`
	}
	byKey := map[string][]string{}
	for _, e := range entries {
		if e.key == "" {
			return name + `"*"`
		}
		byKey[e.key] = append(byKey[e.key], e.text)
	}
	return name + quoted(byKey)
}

// conditionElement writes each operator once.
func conditionElement(conditions []condition) string {
	byOperator := map[string]map[string]json.RawMessage{}
	for _, c := range conditions {
		if byOperator[c.operator] == nil {
			byOperator[c.operator] = map[string]json.RawMessage{}
		}
		byOperator[c.operator][c.key] = json.RawMessage(`[` + strings.Join(c.values, ",") + `]`)
	}
	return `"Condition":` + quoted(byOperator)
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// errUnreadable marks a scenario that is none.
var errUnreadable = errors.New("parse")

// parsed are the documents of one side.
func parsed(side []document, kind policy.Kind) ([]*policy.Document, error) {
	var docs []*policy.Document
	for _, text := range side {
		d, diags := policy.Parse([]byte(text.String()), policy.ParseOptions{Kind: kind, Reference: true})
		if diags.HasErrors() {
			return nil, fmt.Errorf("%w: %s: %v", errUnreadable, text, diags)
		}
		docs = append(docs, d)
	}
	return docs, nil
}
