package scanner_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// beyondSchema are the mistakes that no JSON Schema finds: those of the text as YAML, and
// those of other files.
var beyondSchema = []string{
	"empty", "comments alone", "a tagged mapping", "version as fraction", "twice", "rule twice", "alias", "merge",
	"a reference that is not there", "a type", "two documents", "a broken second document", "too large",
}

// TestConfigSchema holds docs/config.schema.json to the parser: it takes what the parser
// takes and refuses what the parser refuses.
func TestConfigSchema(t *testing.T) {
	t.Parallel()
	schema := configSchema(t)
	valid := []string{
		"version: 1\ntrust: {accounts: \"111122223333\", organizations: [o-a1b2c3d4e5]}\n",
		"version: 1\nrules:\n  forbidden-access:\n    access:\n      - {actions: iam:PassRole}\n      - {resources: [\"*\"], match: {kind: role, name: x, address: y}}\n",
		"version: 1\nrules:\n  exceeds-reference: []\n", "version: 1\nrules:\n  exceeds-reference: {references: [], level: note, on-create: auto}\n",
		"version: 1\narchive: []\n",
		"version: 1\narchive: [{name: a, filter: {rule: {eq: x, neq: [y], contains: [], exists: true}}, reason: b, expires: 2027-06-30}]\n",
	}
	for _, field := range append(rules.FieldNames(), "condition.aws:SourceArn") {
		valid = append(valid, "version: 1\narchive: [{name: a, filter: {"+field+": {exists: true}}, reason: b, expires: \"2027-06-30\"}]\n")
	}
	for _, r := range rules.All() {
		valid = append(valid, "version: 1\nrules: {"+r.ID+": {level: note, on-create: error}}\n")
	}
	for _, c := range goodConfigs {
		valid = append(valid, c.text)
	}
	for _, text := range valid {
		if _, err := scanner.ParseConfig("c.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if err := schema.Validate(plain(t, text)); err != nil {
			t.Errorf("the schema refuses what the parser takes:\n%s\n%v", text, err)
		}
	}
	invalid := map[string]string{
		"a field of a condition without a key": "version: 1\narchive: [{name: a, filter: {condition.: {exists: true}}, reason: b}]\n",
		"a reason of spaces":                   "version: 1\narchive: [{name: a, filter: {rule: {eq: x}}, reason: \"  \"}]\n",
		"a day that is none":                   "version: 1\narchive: [{name: a, filter: {rule: {eq: x}}, reason: b, expires: 2027-02-30}]\n",
		"empty lists of access":                "version: 1\nrules: {forbidden-access: {access: [{actions: [], resources: []}]}}\n",
		"no ARN":                               "version: 1\nrules: {forbidden-access: {access: [{resources: \"arn:aws:s3\"}]}}\n",
		"an action with two colons":            "version: 1\nrules: {forbidden-access: {access: [{actions: \"a:b:c\"}]}}\n",
		"references of another rule":           "version: 1\nrules: {new-access: {references: []}}\n",
		"101 actions":                          "version: 1\nrules: {forbidden-access: {access: [{actions: [" + strings.Repeat("a:b,", 101) + "]}]}}\n",
	}
	for _, c := range badConfigs {
		if !strings.Contains(c.want, "not YAML") && !slices.Contains(beyondSchema, c.name) {
			invalid[c.name] = c.text
		}
	}
	for name, text := range invalid {
		if _, err := scanner.ParseConfig("c.yaml", []byte(text)); err == nil {
			t.Errorf("%s: the parser takes it", name)
		}
		if schema.Validate(plain(t, text)) == nil {
			t.Errorf("%s: the schema takes what the parser refuses:\n%s", name, text)
		}
	}
}

// TestConfigSchemaNames: the schema knows every rule and every field, for completion in
// editors.
func TestConfigSchemaNames(t *testing.T) {
	t.Parallel()
	schema := configSchema(t)
	var ids []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	if d := cmp.Diff(ids, slices.Sorted(maps.Keys(schema.Properties["rules"].Properties))); d != "" {
		t.Errorf("rules (-want +got):\n%s", d)
	}
	fields := slices.DeleteFunc(rules.FieldNames(), func(name string) bool { return name == "condition.KEY" })
	filter := schema.Properties["archive"].Items2020.Ref.Properties["filter"]
	if d := cmp.Diff(fields, slices.Sorted(maps.Keys(filter.Properties))); d != "" {
		t.Errorf("fields (-want +got):\n%s", d)
	}
}

func configSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "docs", "config.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// plain decodes YAML as editors do, to what JSON has: days are texts.
func plain(t *testing.T, text string) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var convert func(n *yaml.Node) any
	convert = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.DocumentNode:
			return convert(n.Content[0])
		case yaml.SequenceNode:
			out := []any{}
			for _, e := range n.Content {
				out = append(out, convert(e))
			}
			return out
		case yaml.MappingNode:
			out := map[string]any{}
			for i := 0; i+1 < len(n.Content); i += 2 {
				out[fmt.Sprint(convert(n.Content[i]))] = convert(n.Content[i+1])
			}
			return out
		}
		if n.ShortTag() == "!!timestamp" {
			return n.Value
		}
		var v any
		if err := n.Decode(&v); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if i, ok := v.(int); ok {
			return float64(i)
		}
		return v
	}
	return convert(&doc)
}
