package scanner

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/rules"
)

// ParseConfig reads the text of a configuration file; path is for its errors, which
// are those of LoadConfig and name line and expectation. There is no lenient mode:
// a misspelt key that is passed over would be a guard that nobody stands.
func ParseConfig(path string, text []byte) (*Config, error) {
	p := &configParser{path: path, config: &Config{
		Levels: map[string]rules.Level{}, Settings: rules.Settings{OnCreate: map[string]rules.Level{}},
	}}
	if len(text) > maxConfig {
		p.fail(0, "larger than %d KiB, which no configuration is", maxConfig>>10)
		return nil, p.err()
	}
	if doc := p.document(text); doc != nil {
		p.root(doc)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.config, nil
}

// maxConfigErrors bounds how many errors of one file are reported.
const maxConfigErrors = 20

// configParser walks the nodes of a file. It decodes by hand, since the decoder of
// the YAML library has no lines for unknown keys and expands aliases.
type configParser struct {
	path   string
	config *Config
	errs   []error
}

// fail notes an error; line is 1-based, 0 for the file as a whole.
func (p *configParser) fail(line int, format string, args ...any) {
	at := p.path
	if line > 0 {
		at += ":" + strconv.Itoa(line)
	}
	if len(p.errs) < maxConfigErrors {
		p.errs = append(p.errs, &InputError{at, fmt.Errorf(format, args...)})
	}
}

func (p *configParser) err() error {
	if len(p.errs) == 1 {
		return p.errs[0]
	}
	return errors.Join(p.errs...)
}

// document returns the root of the only document in text, nil after an error.
func (p *configParser) document(text []byte) *yaml.Node {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		p.fail(0, "empty: expected at least version: 1")
		return nil
	case err != nil:
		p.syntax(err, text)
		return nil
	}
	switch err := d.Decode(&more); {
	case errors.Is(err, io.EOF):
		return doc.Content[0]
	case err != nil:
		p.syntax(err, text)
	default:
		p.fail(more.Line, "a second YAML document: expected one")
	}
	return nil
}

var (
	yamlError = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)
	// The library counts from 0 in the errors of its parser and from 1 in those of its
	// scanner; these are the words of the parser.
	yamlParserError = regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or|<)`)
)

// syntax notes an error of the YAML library, whose words begin with the line.
func (p *configParser) syntax(err error, text []byte) {
	words, _, _ := strings.Cut(err.Error(), "\n")
	m := yamlError.FindStringSubmatch(words)
	line, _ := strconv.Atoi(m[1])
	if yamlParserError.MatchString(m[2]) {
		line++
	}
	// What is missing at the end is missing on the last line.
	line = min(line, 1+bytes.Count(bytes.TrimRight(text, "\n"), []byte("\n")))
	p.fail(line, "not YAML: %s", m[2])
}

// key is one key that a mapping may have. A nil read says that the key is planned
// but not there yet.
type key struct {
	name string
	read func(*yaml.Node)
}

// mapping reads a mapping whose keys are known; what names it in errors, and noun
// its keys. It returns the keys that it has.
func (p *configParser) mapping(n *yaml.Node, what, noun string, keys []key) map[string]bool {
	if n.Kind != yaml.MappingNode || n.ShortTag() != "!!map" {
		p.fail(n.Line, "%s: expected a mapping, not %s", what, describeNode(n))
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			p.fail(name.Line, "%s: expected a name as key, not %s", what, describeNode(name))
			continue
		}
		at := slices.IndexFunc(keys, func(k key) bool { return k.name == name.Value })
		switch {
		case seen[name.Value]:
			p.fail(name.Line, "%s: %s is there twice: take one away", what, show(name.Value))
		case at < 0:
			p.fail(name.Line, "%s: unknown %s %s: expected %s", what, noun, show(name.Value), names(keys))
		case keys[at].read == nil:
			p.fail(name.Line, "%s: %s is not supported by this version: take it away", what, name.Value)
		default:
			keys[at].read(value)
		}
		seen[name.Value] = true
	}
	return seen
}

// names lists the keys that can be used.
func names(keys []key) string {
	var out []string
	for _, k := range keys {
		if k.read != nil {
			out = append(out, k.name)
		}
	}
	return alternatives(out)
}

// alternatives writes "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// text reads a scalar that YAML takes for a string.
func (p *configParser) text(n *yaml.Node, what string, expected []string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		p.fail(n.Line, "%s: expected %s, not %s", what, alternatives(expected), describeNode(n))
		return "", false
	}
	return n.Value, true
}

func describeNode(n *yaml.Node) string {
	switch n.Kind {
	case yaml.AliasNode:
		return "an alias: write the value out"
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return "nothing"
		}
		tag := strings.TrimPrefix(n.ShortTag(), "!!")
		kind := map[string]string{"str": "the text", "int": "the number", "float": "the number"}[tag]
		return cmp.Or(kind, "the "+show(tag)) + " " + show(n.Value)
	case yaml.DocumentNode:
	}
	return "something else"
}

// show quotes what a file says, cut to a length that fits a line.
func show(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
