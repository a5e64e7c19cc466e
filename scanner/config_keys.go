package scanner

import (
	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/rules"
)

// configVersion is the version of the file's format that this code reads.
const configVersion = "1"

func (p *configParser) root(n *yaml.Node) {
	seen := p.mapping(n, "configuration", "key", []key{
		{"version", p.version},
		{"rules", p.rules},
		{"trust", p.trust},
		{"archive", p.archive},
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
	p.mapping(n, "rules", "rule", keys)
}

// Rules that take more than a level.
const (
	forbiddenAccess  = "forbidden-access"
	exceedsReference = "exceeds-reference"
)

func (p *configParser) rule(id string, n *yaml.Node) {
	what := "rules: " + id
	if id == exceedsReference && n.Kind == yaml.SequenceNode {
		p.references(what, n)
		return
	}
	keys := []key{
		{"level", func(n *yaml.Node) { p.level(id, "level", n) }},
		{"on-create", func(n *yaml.Node) { p.level(id, "on-create", n) }},
	}
	switch id {
	case forbiddenAccess:
		keys = append(keys, key{"access", func(n *yaml.Node) { p.forbidden(what+": access", n) }})
	case exceedsReference:
		keys = append(keys, key{"references", func(n *yaml.Node) { p.references(what+": references", n) }})
	}
	p.mapping(n, what, "key", keys)
}

// levelAuto leaves the grading to what is gained.
const levelAuto = "auto"

func (p *configParser) level(id, name string, n *yaml.Node) {
	what := "rules: " + id + ": " + name
	expected := []string{levelAuto, rules.Error.String(), rules.Warning.String(), rules.Note.String()}
	text, ok := p.text(n, what, expected)
	if !ok || text == levelAuto {
		return
	}
	level, err := rules.ParseLevel(text)
	switch {
	case err != nil || level == rules.Never:
		p.fail(n.Line, "%s: unknown level %s: expected %s", what, show(text), alternatives(expected))
	case name == "level":
		p.config.Levels[id] = level
	default:
		p.config.Settings.OnCreate[id] = level
	}
}
