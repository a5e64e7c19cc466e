package catalog_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

func matches(pattern string) []string {
	var out []string
	for a := range catalog.Match(pattern) {
		out = append(out, a.String())
	}
	return out
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		name, pattern string
		want          []string
	}{
		{"literal", "iam:passrole", []string{"iam:PassRole"}},
		{"tail", "IAM:Pass*", []string{"iam:PassRole"}},
		{"middle", "iam:*AccessKey", []string{"iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:UpdateAccessKey"}},
		{"question mark", "iam:GetRol?", []string{"iam:GetRole"}},
		{"question mark is one", "iam:GetRole?", nil},
		{"star is none", "iam:GetRole*Policy", []string{"iam:GetRolePolicy"}},
		{"stars in a row", "iam:Pass***Role**", []string{"iam:PassRole"}},
		{"service", "ia?:PassRole", []string{"iam:PassRole"}},
		{"whole text", "*:PassRole", []string{"iam:PassRole"}},
		{"no colon", "iam*PassRole", []string{"iam:PassRole"}},
		{"mark for the colon", "iam?PassRole", []string{"iam:PassRole"}},
		{"service without names", "iam", nil},
		{"two colons", "iam:*:*", nil},
		{"unknown service", "zzz:*", nil},
		{"too long", "iam:" + strings.Repeat("?", 200), nil},
		{"empty", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, matches(tt.pattern)); diff != "" {
				t.Errorf("Match(%q) (-want +got):\n%s", tt.pattern, diff)
			}
		})
	}
}

func TestMatchEverything(t *testing.T) {
	for _, pattern := range []string{"*", "**", "*:*", "*:**", "?*"} {
		if got := len(matches(pattern)); got != numActions {
			t.Errorf("Match(%q) yields %d actions, want %d", pattern, got, numActions)
		}
	}
	if got, want := len(matches("s3:*")), len(catalog.Actions("s3")); got != want {
		t.Errorf("Match(s3:*) yields %d actions, want %d", got, want)
	}
}

func TestMatchStops(t *testing.T) {
	for _, pattern := range []string{"*", "s3:*", "s*:Get*", "s3*Get*"} {
		n := 0
		for range catalog.Match(pattern) {
			if n++; n == 3 {
				break
			}
		}
		if n != 3 {
			t.Errorf("Match(%q) yielded %d before the break", pattern, n)
		}
	}
}

// TestMatchAgainstRegexp compares Match with a regular expression over all actions,
// on patterns cut from real actions.
func TestMatchAgainstRegexp(t *testing.T) {
	all := matches("*")
	rapid.Check(t, func(t *rapid.T) {
		pattern := []byte(rapid.SampledFrom(all).Draw(t, "action"))
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			at := rapid.IntRange(0, len(pattern)-1).Draw(t, "at")
			end := rapid.IntRange(at, len(pattern)).Draw(t, "end")
			with := rapid.SampledFrom([]string{"*", "?", "", "**", ":", "a"}).Draw(t, "with")
			pattern = []byte(string(pattern[:at]) + with + string(pattern[end:]))
			if len(pattern) == 0 {
				break
			}
		}
		expr := regexp.QuoteMeta(string(pattern))
		expr = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(expr)
		re := regexp.MustCompile(`(?i)^` + expr + `$`)
		var want []string
		for _, a := range all {
			if re.MatchString(a) {
				want = append(want, a)
			}
		}
		if diff := cmp.Diff(want, matches(string(pattern))); diff != "" {
			t.Fatalf("Match(%q) (-want +got):\n%s", pattern, diff)
		}
	})
}

func FuzzMatch(f *testing.F) {
	for _, pattern := range []string{"*", "s3:Get*", "?3:*t", "*:*:*", "iam:\xff*", "ſ3:*", "**:**"} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		first := ""
		for a := range catalog.Match(pattern) {
			first = a.String()
			break
		}
		if a, ok := catalog.Lookup(pattern); ok && a.String() != first {
			t.Errorf("Lookup(%q) = %v, Match yields %q", pattern, a, first)
		}
		catalog.ConditionKey(pattern)
		catalog.Sensitive(pattern)
	})
}

func BenchmarkLookup(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := catalog.Lookup("s3:getobject"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, pattern := range []string{"s3:Get*", "s3:*", "*:Describe*", "*"} {
		b.Run(strings.NewReplacer("*", "x", ":", "-").Replace(pattern), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range catalog.Match(pattern) {
				}
			}
		})
	}
}

func BenchmarkConditionKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := catalog.ConditionKey("aws:ResourceTag/team"); !ok {
			b.Fatal("not found")
		}
	}
}
