package scanner

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/rules"
)

// configVersion is the version of the file's format that this code reads.
const configVersion = "1"

// plannedRules are the ids of rules that the format has a place for and that
// rules.All does not list yet.
var plannedRules = []string{"forbidden-access", "exceeds-reference", "public-access", "external-access", "privilege-escalation"}

func (p *configParser) root(n *yaml.Node) {
	seen := p.mapping(n, "configuration", "key", []key{
		{"version", p.version},
		{"rules", p.rules},
		{"trust", nil},
		{"archive", nil},
	})
	if seen != nil && !seen["version"] {
		p.fail(n.Line, "configuration: version is missing: expected version: %s", configVersion)
	}
}

func (p *configParser) version(n *yaml.Node) {
	switch {
	case n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int":
		p.fail(n.Line, "version: expected the number %s, not %s", configVersion, describeNode(n))
	case n.Value != configVersion:
		p.fail(n.Line, "version: this grantdiff reads version %s, not %s", configVersion, show(n.Value))
	}
}

func (p *configParser) rules(n *yaml.Node) {
	var keys []key
	for _, r := range rules.All() {
		keys = append(keys, key{r.ID, func(n *yaml.Node) { p.rule(r.ID, n) }})
	}
	for _, id := range plannedRules {
		if !slices.ContainsFunc(keys, func(k key) bool { return k.name == id }) {
			keys = append(keys, key{id, nil})
		}
	}
	p.mapping(n, "rules", "rule", keys)
}

func (p *configParser) rule(id string, n *yaml.Node) {
	what := "rules: " + id
	p.mapping(n, what, "key", []key{
		{"level", func(n *yaml.Node) { p.level(id, n) }},
		{"on-create", nil},
		{"access", nil},
	})
}

// levelAuto leaves the grading to what is gained.
const levelAuto = "auto"

func (p *configParser) level(id string, n *yaml.Node) {
	what := "rules: " + id + ": level"
	expected := []string{levelAuto, rules.Error.String(), rules.Warning.String(), rules.Note.String()}
	name, ok := p.text(n, what, expected)
	if !ok || name == levelAuto {
		return
	}
	level, err := rules.ParseLevel(name)
	if err != nil || level == rules.Never {
		p.fail(n.Line, "%s: unknown level %s: expected %s", what, show(name), alternatives(expected))
		return
	}
	p.config.Levels[id] = level
}
