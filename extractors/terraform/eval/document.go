package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// document is a policy document as the data source aws_iam_policy_document makes it
// (AWS provider documentation, "Data Source: aws_iam_policy_document"; the rules of
// merging are those of the provider).
type document struct {
	version, id string
	statements  []statement
}

// statement is one statement: its Sid, and itself as JSON.
type statement struct {
	sid  string
	text jsontext.Value
}

// merge takes over another document: its id, a later version, and its statements,
// of which one with a Sid that is there already takes that one's place.
func (d *document) merge(other document) {
	if other.id != "" {
		d.id = other.id
	}
	if other.version > d.version {
		d.version = other.version
	}
	for _, s := range other.statements {
		i := -1
		if s.sid != "" {
			i = slices.IndexFunc(d.statements, func(have statement) bool { return have.sid == s.sid })
		}
		if i >= 0 {
			d.statements[i] = s
		} else {
			d.statements = append(d.statements, s)
		}
	}
}

// parts are what a document is made of: the documents that it starts from, its own
// statements, and the documents that override them, in the order in which they count.
type parts struct {
	sourceJSON   string
	sources      []string
	own          document
	overrides    []string
	overrideJSON string
}

// build joins the parts.
func (p parts) build() (string, error) {
	var d document
	if p.sourceJSON != "" {
		first, err := parseDocument(p.sourceJSON)
		if err != nil {
			return "", err
		}
		d = first
	}
	sids := map[string]bool{}
	for _, s := range d.statements {
		sids[s.sid] = true
	}
	for _, text := range p.sources {
		if text == "" {
			continue
		}
		source, err := parseDocument(text)
		if err != nil {
			return "", err
		}
		for _, s := range source.statements {
			if s.sid != "" && sids[s.sid] {
				return "", fmt.Errorf("the Sid %q occurs twice in source_policy_documents", cleaned(s.sid))
			}
			sids[s.sid] = true
		}
		d.merge(source)
	}
	d.merge(p.own)
	for _, text := range append(slices.Clone(p.overrides), p.overrideJSON) {
		if text == "" {
			continue
		}
		override, err := parseDocument(text)
		if err != nil {
			return "", err
		}
		d.merge(override)
	}
	return d.text(), nil
}

func (d *document) text() string {
	b := []byte("{")
	if d.version != "" {
		b = append(b, `"Version":`...)
		b = appendText(b, d.version)
		b = append(b, ',')
	}
	if d.id != "" {
		b = append(b, `"Id":`...)
		b = appendText(b, d.id)
		b = append(b, ',')
	}
	b = append(b, `"Statement":[`...)
	for i, s := range d.statements {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, s.text...)
	}
	return string(append(b, "]}"...))
}

func appendText(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	return b
}

// parseDocument reads a document that another is made from.
func parseDocument(text string) (document, error) {
	var d document
	v := jsontext.Value(strings.TrimSpace(text))
	if len(v) == 0 || v[0] != '{' || !v.IsValid() {
		return d, errors.New("a document that it is made from is no JSON object")
	}
	m, _ := decode(v).(map[string]any)
	d.version, _ = m["Version"].(string)
	d.id, _ = m["Id"].(string)
	list, err := rawStatements(v)
	if err != nil {
		return d, err
	}
	for _, raw := range list {
		fields, ok := decode(raw).(map[string]any)
		if !ok {
			return d, errors.New("a statement is no JSON object")
		}
		sid, _ := fields["Sid"].(string)
		d.statements = append(d.statements, statement{sid, raw})
	}
	return d, nil
}

// rawStatements are the statements of a document as they are written.
func rawStatements(v jsontext.Value) ([]jsontext.Value, error) {
	dec := jsontext.NewDecoder(strings.NewReader(string(v)))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	var list []jsontext.Value
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		switch {
		case name.String() != "Statement":
			if err := dec.SkipValue(); err != nil {
				return nil, err
			}
		case dec.PeekKind() == '[':
			if _, err := dec.ReadToken(); err != nil {
				return nil, err
			}
			for dec.PeekKind() != ']' {
				e, err := dec.ReadValue()
				if err != nil {
					return nil, err
				}
				list = append(list, e.Clone())
			}
			if _, err := dec.ReadToken(); err != nil {
				return nil, err
			}
		default:
			e, err := dec.ReadValue()
			if err != nil {
				return nil, err
			}
			list = append(list, e.Clone())
		}
	}
	return list, nil
}

// fields are the arguments of a statement block.
type fields struct {
	sid, effect                                  string
	actions, notActions, resources, notResources []string
	principals, notPrincipals                    []principal
	conditions                                   []condition
}

type principal struct {
	typ         string
	identifiers []string
}

type condition struct {
	test, variable string
	values         []string
}

// variables turns &{name} into the ${name} of policy variables, which Terraform would
// take for its own.
var variables = strings.NewReplacer("&{", "${")

// statement writes the block as a statement.
func (f fields) statement() statement {
	b := []byte("{")
	name := func(n string) {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = appendText(b, n)
		b = append(b, ':')
	}
	if f.sid != "" {
		name("Sid")
		b = appendText(b, f.sid)
	}
	name("Effect")
	if f.effect == "" {
		f.effect = "Allow"
	}
	b = appendText(b, f.effect)
	list := func(n string, values []string) {
		if len(values) > 0 {
			name(n)
			b = appendList(b, values)
		}
	}
	list("Action", f.actions)
	list("NotAction", f.notActions)
	list("Resource", replaced(f.resources))
	list("NotResource", replaced(f.notResources))
	if len(f.principals) > 0 {
		name("Principal")
		b = appendPrincipals(b, f.principals)
	}
	if len(f.notPrincipals) > 0 {
		name("NotPrincipal")
		b = appendPrincipals(b, f.notPrincipals)
	}
	if len(f.conditions) > 0 {
		name("Condition")
		b = appendConditions(b, f.conditions)
	}
	return statement{f.sid, append(b, '}')}
}

func replaced(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = variables.Replace(s)
	}
	return out
}

func appendList(b []byte, values []string) []byte {
	if len(values) == 1 {
		return appendText(b, values[0])
	}
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, v)
	}
	return append(b, ']')
}

// appendPrincipals joins principals of one type. Only {"*": "*"} is everyone; {"AWS":
// "*"} stays what it is.
func appendPrincipals(b []byte, list []principal) []byte {
	if len(list) == 1 && list[0].typ == "*" && len(list[0].identifiers) == 1 && list[0].identifiers[0] == "*" {
		return append(b, `"*"`...)
	}
	var types []string
	values := map[string][]string{}
	for _, p := range list {
		if _, ok := values[p.typ]; !ok {
			types = append(types, p.typ)
		}
		values[p.typ] = append(values[p.typ], replaced(p.identifiers)...)
	}
	b = append(b, '{')
	for i, t := range types {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, t)
		b = append(b, ':')
		b = appendList(b, values[t])
	}
	return append(b, '}')
}

// appendConditions joins conditions of one test and variable.
func appendConditions(b []byte, list []condition) []byte {
	var tests []string
	names := map[string][]string{}
	values := map[[2]string][]string{}
	for _, c := range list {
		if _, ok := names[c.test]; !ok {
			tests = append(tests, c.test)
			names[c.test] = nil
		}
		key := [2]string{c.test, c.variable}
		if _, ok := values[key]; !ok {
			names[c.test] = append(names[c.test], c.variable)
			values[key] = []string{}
		}
		values[key] = append(values[key], replaced(c.values)...)
	}
	b = append(b, '{')
	for i, t := range tests {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, t)
		b = append(b, ":{"...)
		for j, n := range names[t] {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendText(b, n)
			b = append(b, ':')
			b = appendList(b, values[[2]string{t, n}])
		}
		b = append(b, '}')
	}
	return append(b, '}')
}
