package rules_test

import (
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/rules"
)

func TestArchive(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	f := rules.Finding{
		Rule: "new-access", Address: "aws_iam_policy.p", Sources: []rules.Source{{Address: "a"}, {Address: "b"}},
		Gained: &rules.Gained{Actions: []string{"s3:PutObject", "iam:PassRole"}},
	}
	for _, c := range []struct {
		name  string
		field string
		c     rules.Criterion
		want  bool
	}{
		{"equal", "rule", rules.Criterion{Eq: []string{"drift", "new-access"}}, true},
		{"not equal", "rule", rules.Criterion{Eq: []string{"drift"}}, false},
		{"another", "rule", rules.Criterion{Neq: []string{"drift"}}, true},
		{"not another", "rule", rules.Criterion{Neq: []string{"drift", "new-access"}}, false},
		{"a part", "address", rules.Criterion{Contains: []string{"x", "policy"}}, true},
		{"both have to hold", "address", rules.Criterion{Contains: []string{"policy"}, Neq: []string{"aws_iam_policy.p"}}, false},
		{"one of the sources", "sources", rules.Criterion{Eq: []string{"b"}}, true},
		{"none of the sources", "sources", rules.Criterion{Neq: []string{"b"}}, false},
		{"a part of what is gained", "gained.actions", rules.Criterion{Eq: []string{"s3:PutObject"}}, false},
		{"all that is gained", "gained.actions", rules.Criterion{Eq: []string{"s3:PutObject", "iam:PassRole"}}, true},
		{"a part of each action", "gained.actions", rules.Criterion{Contains: []string{"P"}}, true},
		{"a part of one action", "gained.actions", rules.Criterion{Contains: []string{"s3:"}}, false},
		{"not that action", "gained.actions", rules.Criterion{Neq: []string{"iam:PassRole"}}, false},
		{"what is not there is not named", "gained.resources", rules.Criterion{Eq: []string{"x"}}, false},
		{"there", "address", rules.Criterion{Exists: &yes}, true},
		{"not there", "isPublic", rules.Criterion{Exists: &no}, true},
	} {
		r := rules.ArchiveRule{Filter: map[string]rules.Criterion{c.field: c.c}}
		if got := r.Matches(&f); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	// What several documents bring is accepted by what is about each of them.
	other := f
	other.Address, other.Action, other.Statement, other.Sources = "a", "create", &rules.Statement{Sid: "Other"}, nil
	f.Action, f.Fingerprint = "update", "of both"
	f.Same, f.Each = []rules.Source{{Address: "a"}}, []rules.Finding{f, other}
	for _, c := range []struct {
		field  string
		values []string
		want   bool
	}{
		{"rule", []string{"new-access"}, true},
		{"address", []string{"aws_iam_policy.p"}, false},
		{"address", []string{"aws_iam_policy.p", "a"}, true},
		{"sources", []string{"a"}, false},
		{"action", []string{"update"}, false},
		{"statement.sid", []string{"Other"}, false},
		{"fingerprint", []string{"of both"}, true},
	} {
		r := rules.ArchiveRule{Filter: map[string]rules.Criterion{c.field: {Eq: c.values}}}
		if got := r.Matches(&f); got != c.want {
			t.Errorf("%s %v of one of two documents that bring the same: %v, want %v", c.field, c.values, got, c.want)
		}
	}
	if (&rules.ArchiveRule{}).Matches(&f) {
		t.Error("a rule without a filter accepts everything")
	}
	day := rules.ArchiveRule{Expires: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)}
	if day.Expired(time.Date(2026, 5, 4, 23, 59, 59, 0, time.UTC)) || !day.Expired(time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)) {
		t.Error("a rule holds until the end of its day, in UTC")
	}
}
