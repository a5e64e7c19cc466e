package scanner_test

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// pinningCases have findings of every rule between them.
var pinningCases = []string{"deploy-role-widened", "deny-removed", "invalid-text", "new-service", "unknown-policy", "targeted-plan", "bucket-policy-public", "trust-widened", "drift-widened"}

// TestPinning pins each rule to each level: findings of other rules stay as they
// are, and those of the rule but for level and severity; above all, no fingerprint
// changes.
func TestPinning(t *testing.T) {
	t.Parallel()
	pinned := map[string]int{}
	for _, name := range pinningCases {
		plain := scanWith(t, name, nil)
		for _, rule := range rules.All() {
			for _, level := range []rules.Level{rules.Error, rules.Warning, rules.Note} {
				got := scanWith(t, name, &scanner.Config{Levels: map[string]rules.Level{rule.ID: level}})
				want := slices.Clone(plain.Findings)
				for i := range want {
					if f := &want[i]; f.Rule == rule.ID {
						pinned[rule.ID]++
						f.Level, f.Pinned = level, true
						f.Severity = severityOf(got.Findings, f.Fingerprint)
					}
				}
				if d := gocmp.Diff(byFingerprint(want), byFingerprint(got.Findings)); d != "" {
					t.Errorf("%s: %s pinned to %s (-want +got):\n%s", name, rule.ID, level, d)
				}
				counted := []int{count(got, rules.Error), count(got, rules.Warning), count(got, rules.Note)}
				if d := gocmp.Diff(counted, []int{got.Summary.Errors, got.Summary.Warnings, got.Summary.Notes}); d != "" {
					t.Errorf("%s: %s pinned to %s: the summary does not count the findings (-want +got):\n%s", name, rule.ID, level, d)
				}
				if got.Summary.Undecided != plain.Summary.Undecided {
					t.Errorf("%s: %s pinned to %s: %d undecided, want %d", name, rule.ID, level, got.Summary.Undecided, plain.Summary.Undecided)
				}
			}
		}
	}
	for _, rule := range rules.All() {
		switch rule.ID {
		case "forbidden-access", "exceeds-reference", "privilege-escalation": // nothing without a configuration, or in these
			continue
		}
		if pinned[rule.ID] == 0 {
			t.Errorf("no case has a finding of %s", rule.ID)
		}
	}
}

func scanWith(t *testing.T, name string, c *scanner.Config) *rules.Result {
	t.Helper()
	dir := filepath.Join("..", "testdata", "terraform", name)
	r, err := scanner.Scan(context.Background(), scanner.Options{
		Paths: []string{filepath.Join(dir, "plan.json")}, SourceDir: dir, Config: c, Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func byFingerprint(findings []rules.Finding) []rules.Finding {
	return slices.SortedStableFunc(slices.Values(findings), func(a, b rules.Finding) int {
		return cmp.Or(cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(index(a), index(b)), cmp.Compare(a.Message, b.Message))
	})
}

func index(f rules.Finding) int {
	if f.Statement == nil {
		return -1
	}
	return f.Statement.Index
}

func severityOf(findings []rules.Finding, fingerprint string) float64 {
	for _, f := range findings {
		if f.Fingerprint == fingerprint {
			return f.Severity
		}
	}
	return -1
}

func count(r *rules.Result, l rules.Level) int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == l {
			n++
		}
	}
	return n
}
