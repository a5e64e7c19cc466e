package scanner_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// TestArchivePerturbsNothing adds random archive rules to the scans of the cases. What
// no rule in force is about stays as it is, and of what is accepted only that is new.
func TestArchivePerturbsNothing(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, name := range []string{"deploy-role-widened", "bucket-policy-public", "boundary-removed", "trust-widened", "unknown-policy", "drift-widened", "hostile-names", "accepted-in-source"} {
		paths = append(paths, filepath.Join("..", "testdata", "terraform", name, "plan.json"))
	}
	o := scanner.Options{Paths: paths, SourceDir: filepath.Join("..", "testdata", "terraform", "accepted-in-source"), Now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	plain := scanAll(t, o)
	if len(plain.Findings) < 15 {
		t.Fatalf("only %d findings to accept", len(plain.Findings))
	}
	accepted, kept := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		added := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) rules.ArchiveRule { return drawRule(rt, plain.Findings, o.Now) }), 1, 3).Draw(rt, "rules")
		o := o
		o.Config = &scanner.Config{Archive: added}
		got := scanAll(t, o)
		if len(got.Findings) != len(plain.Findings) {
			rt.Fatalf("%d findings, %d without the rules", len(got.Findings), len(plain.Findings))
		}
		for _, f := range got.Findings {
			at := slices.IndexFunc(plain.Findings, func(g rules.Finding) bool { return g.Fingerprint == f.Fingerprint })
			if at < 0 {
				rt.Fatalf("a finding that was not there: %s", f.Fingerprint)
			}
			want := plain.Findings[at]
			if want.Archived == nil {
				for i := range added {
					r := &added[i]
					if r.Matches(&want) && !r.Expired(o.Now) {
						want.Archived = &rules.Archived{Name: r.Name, Reason: r.Reason}
						if !r.Expires.IsZero() {
							want.Archived.Expires = r.Expires.Format(time.DateOnly)
						}
						accepted++
						break
					}
				}
			}
			if want.Archived == nil {
				kept++
			}
			if d := cmp.Diff(want, f); d != "" {
				rt.Errorf("%s %s changes (-without +with the rules):\n%s", f.Rule, f.Address, d)
			}
		}
		if left := slices.DeleteFunc(slices.Clone(got.Diagnostics), func(d rules.Diagnostic) bool {
			return strings.HasPrefix(d.Summary, "The archive rule ")
		}); !cmp.Equal(left, plain.Diagnostics) {
			rt.Errorf("diagnostics change: %v", left)
		}
		s := got.Summary
		if n := s.Errors + s.Warnings + s.Notes + s.Archived; n != len(got.Findings) {
			rt.Errorf("the summary counts %d of %d findings", n, len(got.Findings))
		}
	})
	if accepted == 0 || kept == 0 {
		t.Errorf("%d accepted and %d kept: nothing was tried", accepted, kept)
	}
}

// drawRule draws an archive rule about fields as the findings have them.
func drawRule(t *rapid.T, found []rules.Finding, now time.Time) rules.ArchiveRule {
	r := rules.ArchiveRule{Name: "rule", Reason: "drawn", Filter: map[string]rules.Criterion{}}
	names := rules.FieldNames()
	names = names[:len(names)-1] // condition.KEY stands for many
	f := rapid.SampledFrom(found).Draw(t, "finding")
	for range rapid.IntRange(1, 2).Draw(t, "criteria") {
		name := rapid.SampledFrom(names).Draw(t, "field")
		values, known := f.Field(name)
		if !known {
			t.Fatalf("no field %s", name)
		}
		var c rules.Criterion
		some := []string{fmt.Sprint("no ", name)}
		if len(values) > 0 {
			some = []string{rapid.SampledFrom(values).Draw(t, "value")}
		}
		switch rapid.IntRange(0, 3).Draw(t, "operator") {
		case 0:
			c.Eq = some
		case 1:
			c.Neq = some
		case 2:
			c.Contains = []string{some[0][:len(some[0])/2]}
		case 3:
			yes := rapid.Bool().Draw(t, "exists")
			c.Exists = &yes
		}
		r.Filter[name] = c
	}
	if rapid.Bool().Draw(t, "ends") {
		r.Expires = now.Truncate(24*time.Hour).AddDate(0, 0, rapid.IntRange(-2, 2).Draw(t, "days"))
	}
	return r
}
