package scanner_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// goodConfigs are valid.
var goodConfigs = []struct {
	name, text string
	want       map[string]rules.Level
}{
	{"version alone", "version: 1\n", nil},
	{"no rules", "version: 1\nrules: {}\n", nil},
	{"a rule without settings", "version: 1\nrules: {new-access: {}}\n", nil},
	{"auto pins nothing", "version: 1\nrules: {new-access: {level: auto}}\n", nil},
	{"every level", "version: 1\nrules:\n  new-access: {level: note}\n  guardrail-removed: {level: warning}\n  unresolved-policy: {level: error}\n",
		map[string]rules.Level{"new-access": rules.Note, "guardrail-removed": rules.Warning, "unresolved-policy": rules.Error}},
	{"quoted", "version: 1\nrules:\n  \"new-access\":\n    'level': \"note\"\n", map[string]rules.Level{"new-access": rules.Note}},
	{"comments and a document mark", "# ours\n---\nversion: 1 # the only one\n...\n", nil},
	{"byte order mark", "\ufeffversion: 1\n", nil},
	{"JSON is YAML", `{"version": 1, "rules": {"invalid-policy": {"level": "note"}}}`, map[string]rules.Level{"invalid-policy": rules.Note}},
}

func TestParseConfig(t *testing.T) {
	t.Parallel()
	for _, c := range goodConfigs {
		got, err := scanner.ParseConfig("c.yaml", []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.want == nil {
			c.want = map[string]rules.Level{}
		}
		if d := cmp.Diff(c.want, got.Levels); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

const levels = "expected auto, error, warning or note"

// badConfigs are refused.
var badConfigs = []struct{ name, text, want string }{
	{"empty", "", "c.yaml: empty: expected at least version: 1"},
	{"comments alone", "# nothing\n", "c.yaml: empty: expected at least version: 1"},
	{"nothing", "---\n", "c.yaml:2: configuration: expected a mapping, not nothing"},
	{"a list", "- version: 1\n", "c.yaml:1: configuration: expected a mapping, not a list"},
	{"text", "version", `c.yaml:1: configuration: expected a mapping, not the text "version"`},
	{"a tagged mapping", "!thing {version: 1}\n", "c.yaml:1: configuration: expected a mapping, not a mapping"},
	{"no version", "\nrules: {}\n", "c.yaml:2: configuration: version is missing: expected version: 1"},
	{"another version", "version: 2\n", `c.yaml:1: version: this grantdiff reads version 1, not "2"`},
	{"version as text", "version: \"1\"\n", `c.yaml:1: version: expected the number 1, not the text "1"`},
	{"version as fraction", "version: 1.0\n", `c.yaml:1: version: expected the number 1, not the number "1.0"`},
	{"version of nothing", "version:\n", "c.yaml:1: version: expected the number 1, not nothing"},
	{"version as mapping", "version: {}\n", "c.yaml:1: version: expected the number 1, not a mapping"},
	{"unknown key", "version: 1\nrule: {}\n", `c.yaml:2: configuration: unknown key "rule": expected version, rules, trust or archive`},
	{"key of another case", "Version: 1\nversion: 1\n", `c.yaml:1: configuration: unknown key "Version": expected version, rules, trust or archive`},
	{"twice", "version: 1\nrules: {}\nversion: 1\n", `c.yaml:3: configuration: "version" is there twice: take one away`},
	{"rule twice", "version: 1\nrules:\n  new-access: {}\n  new-access: {}\n", `c.yaml:4: rules: "new-access" is there twice: take one away`},
	{"a mapping as key", "version: 1\n? {a: b}\n: 1\n", "c.yaml:2: configuration: expected a name as key, not a mapping"},
	{"an account that YAML takes for a number", "version: 1\ntrust: {accounts: [111122223333]}\n",
		`c.yaml:2: trust: accounts[0]: expected an account id of 12 digits in quotes, not the number "111122223333"`},
	{"no organization", "version: 1\ntrust: {organizations: [acme]}\n",
		`c.yaml:2: trust: organizations[0]: expected an organization id such as o-a1b2c3d4e5, not "acme"`},
	{"nothing forbidden", "version: 1\nrules:\n  forbidden-access:\n    access:\n      - {}\n",
		"c.yaml:5: rules: forbidden-access: access[0]: no access listed: give at least one action or resource"},
	{"no action", "version: 1\nrules:\n  forbidden-access:\n    access: [{actions: PassRole}]\n",
		`c.yaml:4: rules: forbidden-access: access[0]: invalid action "PassRole": expected service:Name or *`},
	{"a reference without policy", "version: 1\nrules:\n  exceeds-reference: [{name: ceiling}]\n",
		"c.yaml:3: rules: exceeds-reference[0]: expected a name and a policy"},
	{"a reference that is not there", "version: 1\nrules:\n  exceeds-reference: [{name: ceiling, policy: none.json}]\n",
		"c.yaml:3: rules: exceeds-reference[0]: policy: open none.json: no such file or directory"},
	{"a type", "version: 1\nrules:\n  exceeds-reference: [{name: c, type: user, policy: none.json}]\n",
		"c.yaml:3: rules: exceeds-reference[0]: type: expected identity or resource, not \"user\"\n" +
			"c.yaml:3: rules: exceeds-reference[0]: policy: open none.json: no such file or directory"},
	{"archive without a reason", "version: 1\narchive: [{name: a, filter: {rule: {eq: x}}}]\n",
		"c.yaml:2: archive[0]: expected a name, a filter and a reason"},
	{"archive of everything", "version: 1\narchive: [{name: a, filter: {}, reason: b}]\n",
		"c.yaml:2: archive[0]: filter: expected a mapping from fields to criteria, not an empty one"},
	{"archive by an unknown field", "version: 1\narchive: [{name: a, filter: {adress: {eq: x}}, reason: b}]\n",
		`c.yaml:2: archive[0]: filter: unknown field "adress": expected one of ` + strings.Join(rules.FieldNames(), ", ")},
	{"archive by an unknown operator", "version: 1\narchive: [{name: a, filter: {address: {like: x}}, reason: b}]\n",
		`c.yaml:2: archive[0]: filter: address: unknown operator "like": expected eq, neq, contains or exists`},
	{"archive by nothing", "version: 1\narchive: [{name: a, filter: {address: {}}, reason: b}]\n",
		"c.yaml:2: archive[0]: filter: address: expected eq, neq, contains or exists"},
	{"archive of what contains nothing", "version: 1\narchive: [{name: a, filter: {address: {contains: \"\"}}, reason: b}]\n",
		`c.yaml:2: archive[0]: filter: address: contains: expected a text that is not empty, not ""`},
	{"archive until some day", "version: 1\narchive: [{name: a, filter: {rule: {eq: x}}, reason: b, expires: soon}]\n",
		`c.yaml:2: archive[0]: expires: expected a date such as 2027-06-30, not the text "soon"`},
	{"exists is yes or no", "version: 1\narchive: [{name: a, filter: {address: {exists: maybe}}, reason: b}]\n",
		`c.yaml:2: archive[0]: filter: address: exists: expected true or false, not the text "maybe"`},
	{"rules of nothing", "version: 1\nrules:\n", "c.yaml:2: rules: expected a mapping, not nothing"},
	{"unknown rule", "version: 1\nrules:\n  new-acess: {level: note}\n",
		`c.yaml:3: rules: unknown rule "new-acess": expected ` + ruleIDs()},
	{"rule as text", "version: 1\nrules:\n  new-access: error\n", `c.yaml:3: rules: new-access: expected a mapping, not the text "error"`},
	{"unknown setting", "version: 1\nrules:\n  new-access: {levle: error}\n", `c.yaml:3: rules: new-access: unknown key "levle": expected level or on-create`},
	{"unknown level", "version: 1\nrules:\n  new-access: {level: high}\n", `c.yaml:3: rules: new-access: level: unknown level "high": ` + levels},
	{"a threshold is no level", "version: 1\nrules:\n  new-access: {level: never}\n", `c.yaml:3: rules: new-access: level: unknown level "never": ` + levels},
	{"level as number", "version: 1\nrules:\n  new-access: {level: 3}\n", `c.yaml:3: rules: new-access: level: expected auto, error, warning or note, not the number "3"`},
	{"level as truth", "version: 1\nrules:\n  new-access: {level: true}\n", `c.yaml:3: rules: new-access: level: expected auto, error, warning or note, not the "bool" "true"`},
	{"level as list", "version: 1\nrules:\n  new-access: {level: [note]}\n", `c.yaml:3: rules: new-access: level: expected auto, error, warning or note, not a list`},
	{"alias", "version: 1\nrules: {new-access: &a {level: note}, guardrail-removed: *a}\n",
		"c.yaml:2: rules: guardrail-removed: expected a mapping, not an alias: write the value out"},
	{"merge", "version: 1\nrules: {new-access: &a {level: note}, guardrail-removed: {<<: *a}}\n",
		`c.yaml:2: rules: guardrail-removed: unknown key "<<": expected level or on-create`},
	{"not YAML", "version: 1\nrules: {\n", "c.yaml:2: not YAML: did not find expected node content"},
	{"not YAML in the first line", "[", "c.yaml:1: not YAML: did not find expected node content"},
	{"a wrong indent", "version: 1\nrules:\n  new-access: {}\n other: {}\n", "c.yaml:4: not YAML: did not find expected key"},
	{"tabs", "version: 1\nrules:\n\tnew-access: {}\n", "c.yaml:3: not YAML: found character that cannot start any token"},
	{"not text", "version: \xff\n", "c.yaml: not YAML: invalid leading UTF-8 octet"},
	{"unknown anchor", "version: *v\n", "c.yaml: not YAML: unknown anchor 'v' referenced"},
	{"two documents", "version: 1\n---\nversion: 1\n", "c.yaml:2: a second YAML document: expected one"},
	{"a broken second document", "version: 1\n---\n}\n", "c.yaml:3: not YAML: did not find expected node content"},
	{"too large", "version: 1\n#" + strings.Repeat("x", 64<<10), "c.yaml: larger than 64 KiB, which no configuration is"},
	{"a long word", "version: 1\n" + strings.Repeat("y", 100) + ": 1\n",
		`c.yaml:2: configuration: unknown key "` + strings.Repeat("y", 60) + `…": expected version, rules, trust or archive`},
}

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for _, c := range badConfigs {
		got, err := scanner.ParseConfig("c.yaml", []byte(c.text))
		if err == nil {
			t.Errorf("%s: no error, got %v", c.name, got)
			continue
		}
		if d := cmp.Diff(c.want, err.Error()); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		if input := (*scanner.InputError)(nil); !errors.As(err, &input) {
			t.Errorf("%s: %T is no InputError", c.name, err)
		}
		if got != nil {
			t.Errorf("%s: a configuration next to an error: %v", c.name, got)
		}
	}
}

func ruleIDs() string {
	var ids []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids[:len(ids)-1], ", ") + " or " + ids[len(ids)-1]
}

// TestConfigBounds holds what a hostile file can make the parser do: aliases are
// never expanded, and errors do not pile up.
func TestConfigBounds(t *testing.T) {
	t.Parallel()
	bomb := "version: 1\na: &a [x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 8) + "]\n"
	}
	_, err := scanner.ParseConfig("c.yaml", []byte(bomb))
	if err == nil || strings.Count(err.Error(), "\n") != 19 {
		t.Errorf("a bomb of aliases: expected 20 errors, got %v", err)
	}
	deep := "version: 1\nrules: " + strings.Repeat("[", 60<<10)
	if _, err := scanner.ParseConfig("c.yaml", []byte(deep)); err == nil {
		t.Error("a deep list: no error")
	}
}

func TestFindConfig(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	for _, dir := range []string{"repo/.git", "repo/a/b", "sub/repo", "loose/deep"} {
		if err := os.MkdirAll(filepath.Join(top, filepath.FromSlash(dir)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"repo/.grantdiff.yaml", "repo/a/.grantdiff.yaml", "sub/.grantdiff.yaml", "sub/repo/.git", "loose/.grantdiff.yaml"} {
		if err := os.WriteFile(filepath.Join(top, filepath.FromSlash(file)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, dir, want string }{
		{"at the root", "repo", "repo/.grantdiff.yaml"},
		{"the nearest", "repo/a/b", "repo/a/.grantdiff.yaml"},
		{"not above the root, whose .git may be a file", "sub/repo", ""},
		{"outside of a repository", "loose", "loose/.grantdiff.yaml"},
		{"not above, outside of a repository", "loose/deep", ""},
	} {
		got, err := scanner.FindConfig(filepath.Join(top, filepath.FromSlash(c.dir)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		want := c.want
		if want != "" {
			want = filepath.Join(top, filepath.FromSlash(want))
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"version: 1\n",
		"version: 1\nrules:\n  new-access: {level: note}\n  unresolved-policy: {level: auto}\n",
		"version: 1\nrules: {new-access: &a {level: note}, guardrail-removed: *a}\n",
		"version: 1\ntrust: {accounts: [\"111122223333\"]}\n---\n",
		"? [a, b]\n: !!binary aGk=\n",
		"version: 1\nrules:\n\t- |\n  x\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := scanner.ParseConfig("c.yaml", text)
		switch {
		case (got == nil) == (err == nil):
			t.Fatalf("configuration %v with error %v", got, err)
		case err != nil:
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "c.yaml:") {
					t.Errorf("an error that does not name its file: %s", line)
				}
			}
		default:
			for id, level := range got.Levels {
				if level < rules.Note || level > rules.Error {
					t.Errorf("%s is pinned to %s", id, level)
				}
			}
		}
	})
}
