package terraform_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Texts of policies, as the plan has them: strings.
const (
	getObject = `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	putObject = `{"Version":"2012-10-17","Statement":[{"Sid":"B","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
	openToAll = `{"Version":"2012-10-17","Statement":[{"Sid":"C","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	openToOne = `{"Version":"2012-10-17","Statement":[{"Sid":"D","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	ec2Trust  = `{"Version":"2012-10-17","Statement":[{"Sid":"E","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// m is a JSON object.
type m = map[string]any

// rc makes a resource change. Before and after are objects or nil.
func rc(address string, actions string, before, after any, more ...m) m {
	typ, name, index := parts(address)
	change := m{
		"actions": strings.Split(actions, ","), "before": before, "after": after,
		"after_unknown": m{}, "before_sensitive": m{}, "after_sensitive": m{},
	}
	r := m{"address": address, "mode": "managed", "type": typ, "name": name, "change": change}
	if index != nil {
		r["index"] = index
	}
	if i := strings.LastIndex(address, typ+"."+name); i > 0 {
		r["module_address"] = strings.TrimSuffix(address[:i], ".")
	}
	for _, extra := range more {
		for k, v := range extra {
			switch k {
			case "after_unknown", "before_sensitive", "after_sensitive", "importing":
				change[k] = v
			default:
				r[k] = v
			}
		}
	}
	return r
}

// parts takes the last type, name and key of an address apart; enough for the
// addresses of these tests.
func parts(address string) (typ, name string, index any) {
	if i := strings.LastIndex(address, "["); i > 0 && strings.HasSuffix(address, "]") {
		key := address[i+1 : len(address)-1]
		if json.Unmarshal([]byte(key), &index) != nil {
			panic("no key: " + key)
		}
		address = address[:i]
	}
	i := strings.LastIndex(address, ".")
	name = address[i+1:]
	typ = address[:i]
	return typ[strings.LastIndex(typ, ".")+1:], name, index
}

// conf makes a resource of the configuration. Each value is a list of references,
// or nil for an attribute set without any.
func conf(address string, exprs map[string][]string) m {
	typ, name, _ := parts(address)
	e := m{}
	for k, refs := range exprs {
		if refs == nil {
			e[k] = m{}
		} else {
			e[k] = m{"references": refs}
		}
	}
	return m{"address": address, "mode": "managed", "type": typ, "name": name, "expressions": e}
}

// plan makes the JSON of a plan.
func plan(changes []m, resources []m, more ...m) string {
	p := m{
		"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
		"configuration": m{"root_module": m{"resources": resources}},
	}
	for _, extra := range more {
		for k, v := range extra {
			p[k] = v
		}
	}
	b, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func extract(t *testing.T, text string, o terraform.Options) extractors.Extraction {
	t.Helper()
	x, err := terraform.Extract(context.Background(), strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("Extract: %v", err)
	}
	return x
}

// clean extracts and expects no diagnostics and nothing incomplete.
func clean(t *testing.T, text string) []extractors.Grant {
	t.Helper()
	x := extract(t, text, terraform.Options{Path: "plan.json"})
	if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 {
		t.Fatalf("diagnostics %v, incomplete %q; want none", x.Diagnostics, x.Incomplete)
	}
	return x.Grants
}

// show writes a side in a few words: the Sids of a document, or its actions.
func show(s extractors.Side) string {
	out := ""
	switch {
	case s.Absent:
		out = "absent"
	case s.Unknown != nil:
		out = "unknown " + strings.Join(s.Unknown.References, " ")
	case s.Diagnostics.HasErrors():
		out = "unreadable"
	case s.Document != nil:
		for _, st := range s.Document.Statements {
			out += showStatement(st)
		}
	}
	if s.Sensitive {
		out += " sensitive"
	}
	return strings.TrimSpace(out)
}

func showStatement(s policy.Statement) string {
	if s.Sid != "" {
		return s.Sid
	}
	var b strings.Builder
	b.WriteString(string(s.Effect))
	if s.Principal != nil {
		for _, p := range s.Principal.List {
			b.WriteString(" " + p.Type.String() + "=" + p.Text)
		}
	}
	for _, v := range s.Action.List {
		b.WriteString(" " + v.Text)
	}
	if s.Resource != nil {
		for _, v := range s.Resource.List {
			b.WriteString(" " + v.Text)
		}
	}
	for _, c := range s.Conditions {
		b.WriteString(" " + c.Operator.Name + " " + c.Key)
		for _, v := range c.Values {
			b.WriteString("=" + v.Text)
		}
	}
	return b.String()
}

// line writes a grant on one line.
func line(g extractors.Grant) string {
	gone := ""
	if g.Subject.Gone {
		gone = " gone"
	}
	return strings.Join([]string{
		g.Address, g.Attribute, string(g.Kind), string(g.Action),
		g.Subject.Kind + " " + g.Subject.Address + " " + g.Subject.Name + gone,
		show(g.Before) + " > " + show(g.After),
	}, " | ")
}

func lines(grants []extractors.Grant) []string {
	var out []string
	for _, g := range grants {
		out = append(out, line(g))
	}
	return out
}
