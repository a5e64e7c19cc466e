package scanner

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// list reads a list; each reads an element, whose name in errors is what with its
// number.
func (p *configParser) list(n *yaml.Node, what string, each func(n *yaml.Node, what string)) {
	if n.Kind != yaml.SequenceNode {
		p.fail(n.Line, "%s: expected a list, not %s", what, describeNode(n))
		return
	}
	for i, e := range n.Content {
		each(e, fmt.Sprintf("%s[%d]", what, i))
	}
}

// texts reads a list of texts, or one text, into to.
func (p *configParser) texts(n *yaml.Node, what, expected string, to *[]string, valid func(string) bool) {
	one := func(n *yaml.Node, what string) {
		text, ok := p.text(n, what, []string{expected})
		switch {
		case !ok:
		case valid != nil && !valid(text):
			p.fail(n.Line, "%s: expected %s, not %s", what, expected, show(text))
		default:
			*to = append(*to, text)
		}
	}
	if n.Kind == yaml.ScalarNode {
		one(n, what)
		return
	}
	p.list(n, what, one)
}

var (
	accountPattern      = regexp.MustCompile(`^[0-9]{12}$`)
	organizationPattern = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
)

func (p *configParser) trust(n *yaml.Node) {
	t := &p.config.Settings.Trust
	p.mapping(n, "trust", "key", []key{
		{"accounts", func(n *yaml.Node) {
			p.texts(n, "trust: accounts", "an account id of 12 digits in quotes", &t.Accounts, accountPattern.MatchString)
		}},
		{"organizations", func(n *yaml.Node) {
			p.texts(n, "trust: organizations", "an organization id such as o-a1b2c3d4e5", &t.Organizations, organizationPattern.MatchString)
		}},
	})
}

// forbidden reads the access that nobody may have.
func (p *configParser) forbidden(what string, n *yaml.Node) {
	p.list(n, what, func(n *yaml.Node, what string) {
		var f rules.Forbidden
		var a access.Access
		p.mapping(n, what, "key", []key{
			{"actions", func(n *yaml.Node) { p.texts(n, what+": actions", "an action such as iam:PassRole", &a.Actions, nil) }},
			{"resources", func(n *yaml.Node) { p.texts(n, what+": resources", "an ARN", &a.Resources, nil) }},
			{"match", func(n *yaml.Node) { f.Match = p.match(what+": match", n) }},
		})
		f.Access = []access.Access{a}
		if _, err := access.AccessNotGranted(nil, f.Access, access.Options{}); err != nil {
			p.fail(n.Line, "%s: %v", what, err)
			return
		}
		p.config.Settings.Forbidden = append(p.config.Settings.Forbidden, f)
	})
}

func (p *configParser) match(what string, n *yaml.Node) rules.Match {
	var m rules.Match
	one := func(name string, to *string) key {
		return key{name, func(n *yaml.Node) { *to, _ = p.text(n, what+": "+name, []string{"a text"}) }}
	}
	p.mapping(n, what, "key", []key{one("address", &m.Address), one("kind", &m.Kind), one("name", &m.Name)})
	return m.Compile()
}

// references reads the policies that subjects may not exceed.
func (p *configParser) references(what string, n *yaml.Node) {
	p.list(n, what, func(n *yaml.Node, what string) {
		var r rules.Reference
		var file string
		kind := policy.Identity
		seen := p.mapping(n, what, "key", []key{
			{"name", func(n *yaml.Node) { r.Name, _ = p.text(n, what+": name", []string{"a name"}) }},
			{"match", func(n *yaml.Node) { r.Match = p.match(what+": match", n) }},
			{"type", func(n *yaml.Node) {
				expected := []string{"identity", "resource"}
				text, ok := p.text(n, what+": type", expected)
				switch {
				case ok && text == "resource":
					kind = policy.Resource
				case ok && text != "identity":
					p.fail(n.Line, "%s: type: expected %s, not %s", what, alternatives(expected), show(text))
				}
			}},
			{"policy", func(n *yaml.Node) { file, _ = p.text(n, what+": policy", []string{"the path of a policy file"}) }},
		})
		switch {
		case seen == nil:
			return
		case !seen["name"] || !seen["policy"]:
			p.fail(n.Line, "%s: expected a name and a policy", what)
			return
		}
		if r.Policy = p.reference(n.Line, what, file, kind); r.Policy != nil {
			p.config.Settings.References = append(p.config.Settings.References, r)
		}
	})
}

// reference reads the policy of a reference, beside the configuration file.
func (p *configParser) reference(line int, what, file string, kind policy.Kind) *policy.Document {
	path := filepath.Join(filepath.Dir(p.path), file)
	f, err := os.Open(path)
	if err != nil {
		p.fail(line, "%s: policy: %v", what, err)
		return nil
	}
	defer f.Close()
	text, err := bounded(f, maxPolicyFile)
	if err != nil {
		p.fail(line, "%s: policy: %v", what, err)
		return nil
	}
	d, ds := policy.Parse(text, policy.ParseOptions{Path: path, Kind: kind})
	if ds.HasErrors() {
		p.fail(line, "%s: policy: %v", what, ds)
		return nil
	}
	return d
}

func (p *configParser) archive(n *yaml.Node) {
	p.list(n, "archive", func(n *yaml.Node, what string) {
		var r rules.ArchiveRule
		seen := p.mapping(n, what, "key", []key{
			{"name", func(n *yaml.Node) { r.Name, _ = p.text(n, what+": name", []string{"a name"}) }},
			{"filter", func(n *yaml.Node) { r.Filter = p.filter(what+": filter", n) }},
			{"reason", func(n *yaml.Node) { r.Reason, _ = p.text(n, what+": reason", []string{"a sentence"}) }},
			{"expires", func(n *yaml.Node) { r.Expires = p.date(what+": expires", n) }},
		})
		switch {
		case seen == nil:
		case !seen["name"] || !seen["filter"] || strings.TrimSpace(r.Reason) == "":
			p.fail(n.Line, "%s: expected a name, a filter and a reason", what)
		default:
			p.config.Archive = append(p.config.Archive, r)
		}
	})
}

// date reads a day; YAML takes one without quotes for a timestamp.
func (p *configParser) date(what string, n *yaml.Node) time.Time {
	if n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!str" || n.ShortTag() == "!!timestamp") {
		if t, err := time.Parse(time.DateOnly, n.Value); err == nil {
			return t
		}
	}
	p.fail(n.Line, "%s: expected a date such as 2027-06-30, not %s", what, describeNode(n))
	return time.Time{}
}

func (p *configParser) filter(what string, n *yaml.Node) map[string]rules.Criterion {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		what += ": expected a mapping from fields to criteria, not "
		if n.Kind == yaml.MappingNode {
			p.fail(n.Line, "%san empty one", what)
		} else {
			p.fail(n.Line, "%s%s", what, describeNode(n))
		}
		return nil
	}
	out := map[string]rules.Criterion{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch _, known := new(rules.Finding).Field(name.Value); {
		case name.Kind != yaml.ScalarNode || !known:
			p.fail(name.Line, "%s: unknown field %s: expected one of %s", what, show(name.Value), strings.Join(rules.FieldNames(), ", "))
			continue
		case slices.Contains(mapKeys(out), name.Value):
			p.fail(name.Line, "%s: %s is there twice: take one away", what, show(name.Value))
			continue
		}
		out[name.Value] = p.criterion(what+": "+name.Value, value)
	}
	return out
}

func mapKeys(m map[string]rules.Criterion) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

func (p *configParser) criterion(what string, n *yaml.Node) rules.Criterion {
	var c rules.Criterion
	values := func(name string, to *[]string) key {
		return key{name, func(n *yaml.Node) {
			*to = []string{}
			p.texts(n, what+": "+name, "a text", to, nil)
		}}
	}
	seen := p.mapping(n, what, "operator", []key{
		values("eq", &c.Eq), values("neq", &c.Neq),
		{"contains", func(n *yaml.Node) {
			c.Contains = []string{}
			p.texts(n, what+": contains", "a text that is not empty", &c.Contains, func(s string) bool { return s != "" })
		}},
		{"exists", func(n *yaml.Node) {
			if n.ShortTag() != "!!bool" {
				p.fail(n.Line, "%s: exists: expected true or false, not %s", what, describeNode(n))
				return
			}
			yes := n.Value == "true"
			c.Exists = &yes
		}},
	})
	if seen != nil && len(seen) == 0 {
		p.fail(n.Line, "%s: expected eq, neq, contains or exists", what)
	}
	return c
}
