package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
)

// TestTogether: a finding is shown with the one that tells it, unless that is not shown, or
// is graded lower.
func TestTogether(t *testing.T) {
	t.Parallel()
	finding := func(rule, fingerprint string, level rules.Level, by ...string) rules.Finding {
		return rules.Finding{Rule: rule, Fingerprint: fingerprint, Level: level, Message: rule + " " + fingerprint, ToldBy: by}
	}
	at := func(address, rule, fingerprint string, level rules.Level, by ...string) rules.Finding {
		f := finding(rule, fingerprint, level, by...)
		f.Address = address
		return f
	}
	accepted := finding("new-access", "b", rules.Error)
	accepted.Archived = &rules.Archived{Name: "x"}
	for _, c := range []struct {
		name     string
		findings []rules.Finding
		want     string
	}{
		{"one", []rules.Finding{finding("public-access", "a", rules.Error, "b"), finding("new-access", "b", rules.Error)}, "new-access, public-access: b a"},
		{"two", []rules.Finding{finding("public-access", "a", rules.Error, "b", "c"), finding("new-access", "b", rules.Error), finding("new-access", "c", rules.Error)},
			"new-access, public-access: b a; new-access: c"},
		{"at its own place", []rules.Finding{at("Rules", "public-access", "a", rules.Error, "b", "c"), at("Policy", "new-access", "b", rules.Error), at("Rules", "new-access", "c", rules.Error)},
			"new-access: b; new-access, public-access: c a"},
		{"at its own place, graded lower", []rules.Finding{at("Rules", "public-access", "a", rules.Error, "b", "c"), at("Policy", "new-access", "b", rules.Error), at("Rules", "new-access", "c", rules.Note)},
			"new-access, public-access: b a; new-access: c"},
		{"one is missing", []rules.Finding{finding("public-access", "a", rules.Error, "b", "c"), finding("new-access", "b", rules.Error)}, "new-access: b; public-access: a"},
		{"one is accepted", []rules.Finding{finding("public-access", "a", rules.Error, "b"), accepted}, "public-access: a"},
		{"graded lower", []rules.Finding{finding("public-access", "a", rules.Error, "b"), finding("new-access", "b", rules.Note)}, "public-access: a; new-access: b"},
		{"in a circle", []rules.Finding{finding("public-access", "a", rules.Error, "b"), finding("new-access", "b", rules.Error, "a")}, "new-access: b; public-access: a"},
		{"by itself", []rules.Finding{finding("public-access", "a", rules.Error, "a")}, "public-access: a"},
	} {
		active, _ := sorted(c.findings)
		before := slices.Clone(c.findings)
		var got []string
		for _, f := range together(active) {
			line := ruleNames(f) + ":"
			for _, p := range fingerprints(f) {
				line += " " + strings.Fields(p)[0]
			}
			got = append(got, line)
			for _, w := range f.With {
				if !slices.Contains(f.Details, w.Message) {
					t.Errorf("%s: %s is not told", c.name, w.Message)
				}
			}
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
		for i := range before {
			if len(c.findings[i].With) > 0 || len(c.findings[i].Details) > 0 {
				t.Errorf("%s: the result is changed", c.name)
			}
		}
	}
}
